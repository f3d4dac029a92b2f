import type { Client, ParsedKey } from 'ssh2';

/** Parts of ssh2 that it does not export. */
interface Insides {
  readonly _protocol: { authPK: AuthPublicKey; readonly _handlers: Handlers };
}
interface Handlers {
  GLOBAL_REQUEST: GlobalRequest;
  EXT_INFO: Handler;
  SERVICE_ACCEPT: Handler;
}
type Handler = (protocol: unknown, told: unknown) => void;
type Sign = (data: Buffer, signed: (signature: Buffer) => void) => void;
type AuthPublicKey = (
  user: string,
  key: ParsedKey,
  algorithm: string | undefined,
  sign: Sign | undefined,
) => void;
type Peer = { requestSuccess(): void };
type GlobalRequest = (peer: Peer, name: string, wantReply: boolean, data: unknown) => void;

/**
 * Leaves out what ssh2 does at every login and hapb has no use for. It lets the server prove each of its host keys by a
 * signature (an RSA key's costs more than the rest of a login), for an event that nobody listens to; and it asks whether a key
 * would be taken before it signs with it, and for leave to log in, which cost a round trip each. To be called after
 * `client.connect`.
 */
export function withoutDetours(client: Client): void {
  if (!hasInsides(client)) return;
  const { _protocol: protocol } = client;
  const request = protocol._handlers.GLOBAL_REQUEST;
  protocol._handlers.GLOBAL_REQUEST = (peer, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com') request(peer, name, wantReply, data);
    else if (wantReply) peer.requestSuccess();
  };
  logInAtOnce(protocol._handlers);
  const authenticate = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    // An agent's key cannot sign by itself, and is asked about first.
    if (sign !== undefined || !key.isPrivateKey?.()) authenticate(user, key, algorithm, sign);
    else {
      authenticate(user, key, algorithm, (data, signed) => {
        const signature = signatureOf(key, algorithm, data);
        // Nothing is sent yet: what is wrong with the key, ssh2 finds out by itself when it is asked for it.
        if (signature === null) authenticate(user, key, algorithm, undefined);
        else signed(signature);
      });
    }
  };
}

/**
 * The login goes out behind the request for it: only after a key exchange that does not prove the server (none of ours) must a
 * client wait for the answer (RFC 4253 §10). Not before the server has told which signatures it takes, which it does right
 * behind the key exchange, or else, as old ones do, never (RFC 8308).
 */
function logInAtOnce(handlers: Handlers): void {
  const { EXT_INFO: told, SERVICE_ACCEPT: accepted } = handlers;
  let begun = false;
  const begin: Handler = (protocol) => {
    if (begun) return;
    begun = true;
    accepted(protocol, 'ssh-userauth');
  };
  handlers.SERVICE_ACCEPT = begin;
  handlers.EXT_INFO = (protocol, extensions) => {
    told(protocol, extensions);
    begin(protocol, null);
  };
}

function hasInsides(client: object): client is Insides {
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (!isObject(protocol) || typeof Reflect.get(protocol, 'authPK') !== 'function') return false;
  const handlers: unknown = Reflect.get(protocol, '_handlers');
  const known = ['GLOBAL_REQUEST', 'EXT_INFO', 'SERVICE_ACCEPT'];
  return isObject(handlers) && known.every((name) => typeof Reflect.get(handlers, name) === 'function');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function signatureOf(key: ParsedKey, algorithm: string | undefined, data: Buffer): Buffer | null {
  const bits = /^rsa-sha2-(256|512)$/.exec(algorithm ?? '')?.[1];
  const signature: unknown = key.sign(data, bits === undefined ? undefined : `sha${bits}`);
  return Buffer.isBuffer(signature) ? signature : null;
}
