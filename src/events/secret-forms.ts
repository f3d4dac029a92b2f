/** Lines of a secret of several lines (a key, a kubeconfig) that are redacted on their own too. */
const minLineLength = 20;

/**
 * Every spelling in which a secret may come back from a host: itself, in base64 at each of the three alignments (plain
 * and URL-safe), URL-encoded, inside shell quotes, inside JSON; and the long lines of a text of several lines.
 */
export function secretForms(secret: string, clean: (text: string) => string): readonly string[] {
  const forms = new Set<string>();
  for (const text of [secret, secret.trim(), clean(secret)]) {
    if (text.length < 4) continue;
    for (const form of [text, ...urlForms(text), ...shellForms(text), ...jsonForms(text)]) forms.add(form);
    for (const form of base64Forms(text)) forms.add(form);
  }
  for (const line of secret.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed !== secret && trimmed.length >= minLineLength) forms.add(trimmed);
  }
  return [...forms];
}

/** The characters of base64 that depend on the secret alone, whatever stands before and after it. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const forms: string[] = [];
  for (const padding of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(padding), bytes]).toString('base64');
    const first = Math.ceil((padding * 8) / 6);
    const end = Math.floor(((padding + bytes.length) * 8) / 6);
    const stable = encoded.slice(first, end);
    forms.push(stable);
    const urlSafe = stable.replaceAll('+', '-').replaceAll('/', '_');
    if (urlSafe !== stable) forms.push(urlSafe);
  }
  return forms;
}

function urlForms(text: string): readonly string[] {
  const encoded = encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
  const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (form: string): string => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
  return [encoded, strict, lower(encoded), lower(strict), strict.replaceAll('%20', '+')];
}

function shellForms(text: string): readonly string[] {
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[\\"$`]/g, '\\$&'),
    text.replace(/[^\w@%+=:,./-]/g, '\\$&'),
  ];
}

function jsonForms(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [once, JSON.stringify(once).slice(1, -1), once.replace(/[^\x20-\x7e]/g, unicodeEscape)];
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
