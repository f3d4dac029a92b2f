/** What an encrypted text is made of (Ansible's file formats 1.1 and 1.2). */
export interface Envelope {
  /** Which password it asks for; `null`: format 1.1, which does not say. */
  readonly vaultId: string | null;
  readonly salt: Uint8Array;
  /** HMAC-SHA256 over the ciphertext, 32 bytes. */
  readonly mac: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** What reading an encrypted text came to. `what`: the part that is damaged, in words. */
export type ReadEnvelope =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'plain' }
  | { readonly kind: 'other-format'; readonly format: string }
  | { readonly kind: 'damaged'; readonly what: string };

/** How every encrypted text begins. */
const mark = '$ANSIBLE_VAULT;';
const macBytes = 32;
const blockBytes = 16;
const lineLength = 80;

/** Whether a text says of itself that it is encrypted. */
export function isVaultText(text: string): boolean {
  return text.startsWith(mark);
}

/** Takes an encrypted text apart. Blanks and line breaks of every kind between its digits do not matter. */
export function readEnvelope(text: string): ReadEnvelope {
  if (!isVaultText(text)) return { kind: 'plain' };
  const [header = '', ...lines] = text.split(/\r\n|\r|\n/);
  const [, version = '', cipher = '', ...idParts] = header.trim().split(';');
  const format = `${version};${cipher}`;
  if (format !== '1.1;AES256' && format !== '1.2;AES256') return { kind: 'other-format', format };
  const vaultId = version === '1.2' ? idParts.join(';').trim() : '';
  const body = bytesOf(lines.join('').replace(/\s/g, ''));
  if (body === null) return damaged('it holds something else than pairs of hexadecimal digits');
  if (body.length === 0) return damaged('nothing follows its first line');
  const parts = body.toString('latin1').split('\n').map(bytesOf);
  const [salt, mac, ciphertext] = parts;
  if (parts.length !== 3 || !salt || !mac || !ciphertext) return damaged('its end is missing');
  if (mac.length !== macBytes) return damaged('its checksum is not whole');
  if (ciphertext.length === 0 || ciphertext.length % blockBytes !== 0) return damaged('its end is missing');
  return { kind: 'envelope', envelope: { vaultId: vaultId === '' ? null : vaultId, salt, mac, ciphertext } };
}

/** The text of an envelope, ending with a line break; format 1.2 where it has an id, else 1.1. */
export function writeEnvelope({ vaultId, salt, mac, ciphertext }: Envelope): string {
  const header = vaultId === null ? `${mark}1.1;AES256` : `${mark}1.2;AES256;${vaultId}`;
  const digits = Buffer.from([salt, mac, ciphertext].map(digitsOf).join('\n'), 'latin1').toString('hex');
  const lines = digits.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `${[header, ...lines].join('\n')}\n`;
}

function damaged(what: string): ReadEnvelope {
  return { kind: 'damaged', what };
}

function digitsOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function bytesOf(digits: string): Buffer | null {
  return digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? Buffer.from(digits, 'hex') : null;
}
