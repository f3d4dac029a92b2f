import { randomBytes } from 'node:crypto';
import type { ShellReply, ShellRequest } from '../../connection/connection.ts';
import { deferred } from '../../connection/deferred.ts';

/** A request to a host. */
export interface HostRequest extends ShellRequest {
  /**
   * Of a question: how it travels as one with others of its kind, see Query.several. `null`: it goes alone. Absent: this is no
   * question, and what was asked before has to be answered before.
   */
  readonly several?: string | null;
}

type Send = (request: ShellRequest) => Promise<ShellReply>;

interface Waiting {
  readonly request: HostRequest;
  readonly send: Send;
  readonly settle: (reply: Promise<ShellReply>) => void;
}

/** Far below any limit of a command line. */
const mostTogether = 64;

/** The questions of one shell that are asked in one turn of the event loop; those of a kind become one request. */
export class Gathering {
  readonly #waiting = new Map<string, Waiting[]>();

  /** Sends a request to a shell; one that is no question after all that was given for the same shell before. */
  run(shell: string, request: HostRequest, send: Send): Promise<ShellReply> {
    if (request.several === undefined || request.stdin !== undefined) {
      this.#flush(shell);
      return send(request);
    }
    if (request.several === null || request.folder !== undefined) return send(request);
    const waiting = this.#waiting.get(shell);
    const { promise, resolve } = deferred<ShellReply>();
    const one: Waiting = { request, send, settle: resolve };
    if (waiting !== undefined) waiting.push(one);
    else {
      this.#waiting.set(shell, [one]);
      // After all that is ready to run, and before the shell's own writes leave: no flight more than without this.
      queueMicrotask(() => process.nextTick(() => this.#flush(shell)));
    }
    return promise;
  }

  #flush(shell: string): void {
    const groups: Waiting[][] = [];
    for (const one of this.#waiting.get(shell) ?? []) {
      const group = groups.find((each) => each.length < mostTogether && isAlike(each[0], one));
      if (group === undefined) groups.push([one]);
      else group.push(one);
    }
    this.#waiting.delete(shell);
    for (const group of groups) sendTogether(group);
  }
}

function isAlike(one: Waiting | undefined, { request }: Waiting): boolean {
  return (
    one?.request.several === request.several &&
    one?.request.signal === request.signal &&
    one?.request.timeoutMs === request.timeoutMs &&
    one?.request.args?.length === request.args?.length
  );
}

function sendTogether(group: readonly Waiting[]): void {
  const [first] = group;
  if (first === undefined) return;
  if (group.length === 1) {
    first.settle(first.send(first.request));
    return;
  }
  const replies = askTogether(group, first);
  group.forEach((one, index) => {
    one.settle(replies.then((each) => each?.[index] ?? one.send(one.request)));
  });
}

/** The reply of each; `null`: they have to be asked one by one. */
async function askTogether(
  group: readonly Waiting[],
  { request, send }: Waiting,
): Promise<readonly ShellReply[] | null> {
  const mark = randomBytes(9).toString('base64url');
  const { several, ...common } = request;
  const reply = await send({
    ...common,
    script: several ?? '',
    args: [mark, ...group.flatMap((one) => one.request.args ?? [])],
    maxOutputBytes: group.reduce((sum, one) => sum + (one.request.maxOutputBytes ?? 1_048_576), 0),
  });
  const parts = reply.stdout.split(`${mark}\n`);
  if (reply.exitCode !== 0 || reply.droppedBytes > 0 || parts.length !== group.length + 1) return null;
  return group.map((_, index) => ({ exitCode: 0, stdout: parts[index] ?? '', stderr: '', droppedBytes: 0 }));
}
