import type { Diagnostic } from '../core/diagnostic.ts';
import type { Text } from '../core/secret.ts';

/** Whose shell runs a request: the login user's, or the one that become leads to. */
export type ShellUser = { readonly kind: 'login' } | { readonly kind: 'become'; readonly user: string };

/** How become is done; the method's own words. `password: null`: none known, which is an error only when one is asked for. */
export interface BecomeSettings {
  readonly method: 'sudo' | 'su' | 'doas';
  readonly user: string;
  readonly password: Text | null;
  /** Extra flags for the method's command line. */
  readonly flags: readonly string[];
  /** The program in the method's place, with words that stand before all flags; absent: the method's own name. */
  readonly program?: readonly string[];
}

/** One piece of POSIX sh for a persistent shell. It runs in a subshell of its own, with stdin from `stdin` or /dev/null. */
export interface ShellRequest {
  readonly script: string;
  /** `$1`, `$2`, … of the script. They are shell text, never a process's argv, so a Secret may be among them. */
  readonly args?: readonly Text[];
  readonly stdin?: Text | Uint8Array;
  /**
   * The script notices when only the beginning of its stdin comes, as where the connection is lost meanwhile: a lot of it
   * may come as a stream. Absent: the script does not begin before all of it is there.
   */
  readonly noticesCut?: true;
  /** It need not wait for what comes as a stream. */
  readonly isBeside?: true;
  /** Where the script begins, if the user may go there; absent: where the shell began. */
  readonly folder?: string;
  readonly timeoutMs?: number;
  /** Kept per stream, head and tail; the default is 1 MiB. Asks that read files set what they need. */
  readonly maxOutputBytes?: number;
  /** Ends the request on the node too. */
  readonly signal?: AbortSignal;
}

/** What a request did. A non-zero exit is a value, never an exception. */
export interface ShellReply {
  readonly exitCode: number;
  /** Decoded as UTF-8 with replacement; control characters are kept (reports clean them). */
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes that were cut out of the middle of both streams together; 0 when all is there. */
  readonly droppedBytes: number;
}

/**
 * One machine's transport: ssh, the system's OpenSSH, local, or the fake of hapb/testing. Requests of one user run in
 * order; those written together travel in one flight.
 */
export interface Connection extends AsyncDisposable {
  readonly host: string;
  /** `here`: requests run on the machine that hapb runs on, without a network between. */
  readonly place: 'here' | 'node';
  /** Opens the transport when it is not open. @throws ConnectionError */
  connect(): Promise<void>;
  /** @throws ConnectionError when the transport is lost, cannot be opened, become fails, or the deadline passes */
  run(user: ShellUser, request: ShellRequest): Promise<ShellReply>;
  /** Forgets broken channels so that the next `run` connects anew (after a reboot, say). */
  reset(): Promise<void>;
  /** Round trips, bytes and channels used so far; for `--profile` and the guard in CI. */
  usage(): ConnectionUsage;
}

/** Counters of one connection. */
export interface ConnectionUsage {
  readonly requests: number;
  readonly flights: number;
  readonly channels: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Milliseconds in which a shell had a request to answer, of all shells added up. */
  readonly waitedMs: number;
}

/** Why a connection cannot serve. `lost` ones may be tried again; the others would end the same way. */
export type ConnectionErrorKind = 'unreachable' | 'host-key' | 'auth' | 'become' | 'lost' | 'timeout';

/** The one exception a Connection throws. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly kind: ConnectionErrorKind;
  /** Placed at the host's inventory line. */
  readonly diagnostic: Diagnostic;

  constructor(kind: ConnectionErrorKind, diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.kind = kind;
    this.diagnostic = diagnostic;
  }
}
