import { type Change, type Forecast, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { type Ask, all, andThen, nothing, on, question } from '../ask.ts';
import { type ControllerFile, candidates, controllerFile } from '../asks/controller-file.ts';
import { unforeseenFile } from '../asks/file-state.ts';
import type { TaskContext } from '../module.ts';
import { type GuardState, guards, notNeeded } from './command-guard.ts';
import { type PutChange, planPut } from './copy-plan.ts';
import { type Destination, destination } from './destination.ts';
import { maxDiffBytes } from './file-change.ts';
import { nameInUrl } from './get-url-ask.ts';
import {
  bodyOf,
  hasHeader,
  isSafe,
  methodOf,
  redirectsOf,
  type UriArgs,
  wantedStatuses,
} from './uri-args.ts';
import { isWanted, uriResult } from './uri-result.ts';
import { isOwnServer, placeOf, requestWords, shownUrl } from './url-arguments.ts';
import {
  bodyWords,
  type Exchange,
  exchangeBytes,
  exchangeScript,
  parseExchange,
  type RequestBody,
} from './url-exchange.ts';
import { urlFailure } from './url-shell.ts';

/** What `uri` asks. */
export interface UriState {
  readonly guards: GuardState;
  /** The answer to a request that only reads; `null`: the request is none, or is not needed. */
  readonly answer: Exchange | null;
  /** The file to send; `null`: none of the controller. */
  readonly source: ControllerFile | null;
  /** Where the content goes; `null`: nowhere. */
  readonly to: Destination | null;
}

/** A request to make; or, where it was made by asking, what follows from its answer. */
export interface UriChange extends Change {
  readonly args: UriArgs;
  readonly request: Request;
  /** `null`: it is yet to be made. */
  readonly answer: Exchange | null;
  readonly source: ControllerFile | null;
  readonly to: Destination | null;
  readonly put: PutChange | null;
}

/** The words and the body of the request. */
export interface Request {
  readonly words: ReturnType<typeof requestWords>;
  readonly body: RequestBody;
}

/** Asks for the guards first; a request that is not needed is not made. */
export function uriState(args: UriArgs, task: TaskContext): Ask<UriState> {
  const local = args.src !== undefined && args.remote_src !== true;
  const name = nameInUrl(args);
  return andThen(guards(args), (state) => {
    if (notNeeded(args, state) !== null)
      return nothing({ guards: state, answer: null, source: null, to: null });
    return all<{ -readonly [K in keyof UriState]: UriState[K] }>({
      guards: nothing(state),
      answer: isSafe(args) && !local ? asked(args) : nothing(null),
      source: local ? controllerFile(candidates(args.src ?? '', 'files', task), 16_777_216) : nothing(null),
      to:
        args.dest === undefined
          ? nothing(null)
          : destination(args.dest, { content: 'text', maxContentBytes: maxDiffBytes, name, owners: args }),
    });
  });
}

function asked(args: UriArgs): Ask<Exchange | null> {
  const { words, body } = requestOf(args);
  return on(
    placeOf(args),
    question({
      key: `uri:${methodOf(args)} ${shownUrl(args.url)}`,
      // What a task before it changes may be what the host's own server answers with.
      reads: isOwnServer(args.url) ? ['*'] : [],
      environment: 'task',
      sh: exchangeScript,
      args: [...bodyWords(body), ...words],
      maxOutputBytes: exchangeBytes(),
      parse: parseExchange,
    }),
  );
}

function requestOf(args: UriArgs): Request {
  const sent = bodyOf(args);
  const method = methodOf(args);
  const type =
    sent?.type != null && !hasHeader(args.headers, 'content-type') ? { 'Content-Type': sent.type } : {};
  const file = args.src !== undefined && args.remote_src === true;
  const hasBody = sent !== null || args.src !== undefined || method === 'POST';
  const named = method === 'HEAD' || method === (hasBody ? 'POST' : 'GET') ? null : method;
  return {
    words: requestWords(args, {
      redirects: redirectsOf(args),
      method: named,
      headers: type,
      more: [
        // Else curl waits a second before it sends a long body.
        ...(hasBody ? ['header', 'Expect:'] : []),
        ...(method === 'HEAD' ? ['head', ''] : []),
        ...(args.unix_socket === undefined ? [] : ['unix-socket', args.unix_socket]),
      ],
    }),
    body: file
      ? { kind: 'file', path: args.src ?? '' }
      : args.src !== undefined
        ? { kind: 'stdin' }
        : hasBody
          ? { kind: 'text', text: sent?.text ?? '' }
          : { kind: 'none' },
  };
}

/** What is to do; `null`: the answer is as asked, or no request is needed. @throws Failure */
export function planUri(args: UriArgs, state: UriState): UriChange | null {
  const { answer, source, to } = state;
  if (notNeeded(args, state.guards) !== null) return null;
  if (source !== null && source.kind !== 'file') throw noSource(args, source);
  const base = { args, request: requestOf(args), answer, source, to, put: null };
  const summary = `${methodOf(args)} ${shownUrl(args.url)}`;
  const guarded = [args.creates, args.removes].filter((path) => path?.startsWith('/') === true);
  const effects = guarded.map((path) => unforeseenFile(path ?? '', 'a request makes or removes it'));
  const forecast: Forecast = { kind: 'unknown', unknown: new Unknown('only making the request would tell') };
  if (answer === null) return { ...base, summary, edits: [], effects, forecast };
  if (!isWanted(args, answer)) {
    const unknown = new Unknown(`the server does not answer as asked yet (${seen(answer)})`);
    return { ...base, summary, edits: [], effects, forecast: { kind: 'unknown', unknown } };
  }
  if (to === null || answer.head.status === 304) return null;
  // `force` of this module means a cache of the web, not the file.
  const put = planPut({ ...args, dest: args.dest ?? '', force: true }, asContent(answer.body), to);
  if (put === null) return null;
  const { edits } = put;
  return { ...base, summary: put.summary, edits, effects: put.effects, forecast: known, put };
}

/** A text where the bytes are UTF-8, so that the diff can show it. */
export function asContent(body: Uint8Array): string | Uint8Array {
  const text = new TextDecoder().decode(body);
  return Buffer.from(text).equals(body) ? text : body;
}

function seen({ exitCode, head }: Exchange): string {
  return exitCode === 0 ? `status ${head.status}` : 'it cannot be reached';
}

function noSource(args: UriArgs, source: ControllerFile): Failure {
  return new Failure({
    code: 'HAPB6030',
    message: `src ${args.src ?? ''} was not found on the controller`,
    hint:
      source.kind === 'none'
        ? `Looked for: ${source.tried.join(', ')}. With \`remote_src: true\` it is a file of the host.`
        : 'It is a folder; name a file.',
    argument: 'src',
  });
}

/** An answer that is not as asked. */
export function unwanted(args: UriArgs, answer: Exchange, host: string): Failure {
  const output = uriResult(args, answer);
  const url = shownUrl(args.url);
  const wanted = wantedStatuses(args);
  const { status, msg } = output;
  const said = `Status code was ${status} and not [${wanted.join(', ')}]: ${msg}`;
  if (answer.exitCode !== 0) {
    const { exitCode, stderr } = answer;
    return urlFailure({ url, exitCode, status: 0, stderr, host }, { ...output, msg: said });
  }
  const text = typeof output.content === 'string' ? output.content.slice(0, 2000) : '';
  return new Failure({
    code: 'HAPB6217',
    message: `${methodOf(args)} ${url} is answered with status ${answer.head.status}, not ${wanted.join(' or ')}`,
    hint: 'The answer is below. Where this status is right, name it in `status_code`.',
    argument: 'url',
    ...(text === '' ? {} : { details: text }),
    output: { ...output, msg: said },
  });
}
