import type { Output } from '../../core/value.ts';
import type { HostWriter, Module } from '../module.ts';
import { notNeeded } from './command-guard.ts';
import { applyPut, planPut } from './copy-plan.ts';
import type { Destination } from './destination.ts';
import { changedPath, permissionArguments } from './file-arguments.ts';
import { pathOutput } from './file-output.ts';
import { listArgument } from './list-argument.ts';
import { pathInfo } from './path-look.ts';
import { refusedFileArguments } from './refused-argument.ts';
import type { UriArgs } from './uri-args.ts';
import { asContent, planUri, type UriChange, type UriState, unwanted, uriState } from './uri-plan.ts';
import { isWanted, uriResult } from './uri-result.ts';
import { placeOf, urlArguments } from './url-arguments.ts';
import { bodyWords, type Exchange, exchangeBytes, exchangeScript, parseExchange } from './url-exchange.ts';

/** A request to a web server. */
export const uri: Module<UriArgs, UriState, UriChange> = {
  name: 'uri',
  summary: 'Makes an HTTP request and registers the answer.',
  notes: [
    'The host itself makes it, with curl; where it has none, `via: controller` lets the controller do it. Address, headers, body and password are handed over on curl’s standard input, so they are in no process list.',
    'As in Ansible a request alone is no change, whatever its method; say `changed_when` where it is one. With `dest` the task has changed when the file has.',
    'Check mode makes GET, HEAD and OPTIONS, which by their definition change nothing, so what hangs on the answer is known. The result is unknown when the answer is not as asked yet, when the host itself is asked (localhost) and an earlier task would change something on it, and for all other methods.',
    'Answers of up to 16 MiB are kept; `get_url` downloads longer ones.',
  ],
  args: {
    type: 'object',
    properties: {
      ...urlArguments(30),
      method: { type: 'string', default: 'GET', description: 'The method, such as POST.' },
      body: {
        type: ['string', 'number', 'boolean', 'array', 'object', 'null'],
        secret: 'allowed',
        description: 'What is sent. What it becomes is said by body_format.',
      },
      body_format: {
        enum: ['raw', 'json', 'form-urlencoded'],
        default: 'raw',
        description:
          'json: a map or list is sent as JSON; form-urlencoded: a map is sent as a form. Both set Content-Type unless headers do.',
      },
      src: {
        type: 'string',
        hostPath: 'remote',
        minLength: 1,
        description: 'A file to send instead of body, of the controller.',
      },
      remote_src: { type: 'boolean', default: false, description: 'true: src is a file of the host.' },
      status_code: {
        ...listArgument({ description: 'Statuses that count as success.' }),
        type: ['integer', 'array', 'string'],
        default: [200],
      },
      return_content: {
        type: 'boolean',
        default: false,
        description: 'Register the content. Without it only what is JSON is registered.',
      },
      follow_redirects: {
        enum: ['all', 'safe', 'none', 'urllib2', 'yes', 'no', true, false],
        default: 'safe',
        description: 'Which redirects are followed; safe: those of GET and HEAD.',
      },
      dest: changedPath('A file to keep the content in. A directory means: into it.'),
      creates: {
        type: 'string',
        hostPath: 'always',
        description: 'Where this path or glob matches, no request is made.',
      },
      removes: {
        type: 'string',
        hostPath: 'always',
        description: 'Where this path or glob does not match, no request is made.',
      },
      force: { type: 'boolean', default: false, description: 'Taken for Ansible’s sake: no cache is asked.' },
      unix_socket: {
        type: 'string',
        hostPath: 'always',
        description: 'Path of a socket to ask instead of the address’s host.',
      },
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['url'],
    not: { required: ['body', 'src'] },
    additionalProperties: false,
  },
  returns: {
    status: 'The status; -1 when there was no answer.',
    url: 'The address in the end.',
    redirected: 'Whether redirects led to another one.',
    msg: 'How it went, in words.',
    content: 'The content, with return_content or when the status is not as asked.',
    json: 'The content as data, when the server says that it is JSON.',
    cookies: 'Cookies of the answer, by name.',
    cookies_string: 'The same as one text.',
    elapsed: 'Seconds that it took.',
    path: 'The file that holds the content, and with it state, mode, owner, group, uid, gid and size; only with dest.',
    body: 'The content, where a status of 300 and above is as asked.',
    content_type: 'And every other header of the answer, in small letters and with _ for -.',
  },
  traits: ['reads-everything'],
  example: `- name: Is the service well?
  uri:
    url: http://127.0.0.1:8080/health
    return_content: true
  register: health
  until: health.status == 200
  retries: 10
  delay: 3
`,
  probe: (args, task) => uriState(args, task),
  diff: (args, state) => planUri(args, state),
  apply: applyUri,
  output(args, state) {
    const why = notNeeded(args, state.guards)?.replace(
      /^(skipped, since )(.*?)( exists| does not exist)$/,
      "$1'$2'$3",
    );
    if (why !== undefined) return { stdout: why, stdout_lines: [why], msg: why };
    if (state.answer === null) return {};
    return { ...uriResult(args, state.answer), ...(state.to === null ? {} : placeOutput(state.to)) };
  },
};

async function applyUri(wanted: UriChange, host: HostWriter): Promise<Output> {
  const { args, to } = wanted;
  const answer = wanted.answer ?? (await made(wanted, host));
  if (!isWanted(args, answer))
    throw unwanted(args, answer, args.via === 'controller' ? 'the controller' : host.name);
  const output = uriResult(args, answer);
  if (to === null) return { ...output, changed: false };
  if (answer.head.status === 304) return { ...output, ...placeOutput(to), changed: false };
  const put = wanted.put ?? planPut({ ...args, dest: args.dest ?? '' }, asContent(answer.body), to);
  if (put === null) return { ...output, ...placeOutput(to), changed: false };
  return { ...output, path: to.path, ...pathInfo(await applyPut(put, host)) };
}

/** What is registered of the file that keeps the content, where it stays as it is. */
function placeOutput(to: Destination): Output {
  return { path: to.path, ...pathInfo(pathOutput(to.path, to.now, to)) };
}

async function made({ args, request, source }: UriChange, host: HostWriter): Promise<Exchange> {
  const stdin = source?.kind === 'file' ? source.content : null;
  const reply = await host.at(placeOf(args)).run({
    sh: exchangeScript,
    args: [...bodyWords(request.body), ...request.words],
    maxOutputBytes: exchangeBytes(),
    ...(stdin === null ? {} : { stdin }),
  });
  return parseExchange(reply);
}
