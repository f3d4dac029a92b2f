import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { longestSeconds } from '../../core/timer-limit.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';
import { connectionStates, type Look, type WaitForArgs } from './wait-args.ts';
import { look, wantsAbsence } from './wait-look.ts';
import { waitUntil } from './wait-loop.ts';

/** Something to wait for. */
export interface WaitChange extends Change {
  readonly args: WaitForArgs;
}

/** Waits for a port, a path or a command. */
export const waitFor: Module<WaitForArgs, Look, WaitChange> = {
  name: 'wait_for',
  summary: 'Waits until a port answers, a path is there, or a command succeeds.',
  notes: [
    'The look is taken from the host that the task runs on; `delegate_to: localhost` takes it from the controller.',
    'A port is tried with bash or nc, whichever the host has; without both, only ports of the host itself can be seen (/proc/net/tcp).',
    'In check mode one look is taken: what is so already is ok, else the result is unknown.',
    'When the time is up, the error says what was seen last.',
    'Without a port, path or command it waits for the whole `timeout`, and then goes on.',
  ],
  args: {
    type: 'object',
    properties: {
      host: { type: 'string', default: '127.0.0.1', description: 'Address or name to connect to.' },
      port: {
        type: 'integer',
        minimum: 1,
        maximum: 65535,
        description: 'TCP port that is to answer, or with absent not to.',
      },
      path: pathArgument('Path that is to be there, or with absent not to.'),
      command: {
        type: 'string',
        description: 'Text for the host’s sh that is to end with exit code 0; it must only look.',
      },
      search_regex: {
        type: 'string',
        description:
          'Pattern that the file’s text (its last 4 MiB), or what the port says when it is opened, must match.',
      },
      state: {
        enum: ['started', 'present', 'stopped', 'absent', 'drained'],
        default: 'started',
        description:
          'started and present: it is there. stopped and absent: it is not. drained: the port has no active connections.',
      },
      timeout: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 300,
        description: 'Seconds after which it fails.',
      },
      sleep: {
        type: 'number',
        minimum: 0.1,
        maximum: longestSeconds,
        default: 1,
        description: 'Seconds between two looks.',
        aliases: ['interval'],
      },
      delay: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 0,
        description: 'Seconds to wait before the first look of a run that has to wait.',
      },
      stable_for: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 0,
        description: 'Seconds for which it must stay so.',
      },
      connect_timeout: {
        type: 'integer',
        minimum: 1,
        default: 5,
        description: 'Seconds for one attempt to connect.',
      },
      msg: { type: 'string', description: 'What to say when the time is up.' },
      exclude_hosts: {
        type: 'array',
        items: { type: 'string' },
        description: 'With drained: addresses or names whose connections do not count.',
      },
      active_connection_states: {
        type: 'array',
        items: { enum: Object.keys(connectionStates) },
        description: 'With drained: states of connections that count. Absent: all of these.',
      },
    },
    allOf: [
      { not: { required: ['port', 'path'] } },
      { not: { required: ['port', 'command'] } },
      { not: { required: ['path', 'command'] } },
    ],
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: {
    elapsed: 'Seconds waited.',
    state: 'What is at the path; for ports and commands what was waited for.',
    path: 'The path, with mode, owner, group and size of what is there.',
    port: 'The port.',
    search_regex: 'The pattern.',
    match_groups: 'Texts of the pattern’s groups.',
    match_groupdict: 'Texts of its named groups.',
  },
  example: `- name: Wait for the API server
  wait_for:
    host: k8s-api.example.org
    port: 6443
    timeout: 120
    stable_for: 3
`,
  probe: (args) => look(args),
  diff(args, state) {
    if (state.reached && (args.stable_for ?? 0) === 0 && !onlyWaits(args)) return null;
    return {
      summary: `wait until ${phrase(args)}`,
      edits: [],
      effects: [],
      forecast: { kind: 'unknown', unknown: new Unknown(`${state.seen}; only a run waits`) },
      args,
    };
  },
  async apply(wanted, host) {
    const { args } = wanted;
    const end = await waitUntil(() => host.ask(look(args)), {
      timeoutMs: (args.timeout ?? 300) * 1000,
      intervalMs: (args.sleep ?? 1) * 1000,
      delayMs: (onlyWaits(args) ? (args.timeout ?? 300) : (args.delay ?? 0)) * 1000,
      stableMs: (args.stable_for ?? 0) * 1000,
      signal: host.signal,
      onLook: (seen, elapsedMs) => host.progress(`${seen} (${Math.round(elapsedMs / 1000)} s)`),
    });
    const elapsed = Math.floor(end.elapsedMs / 1000);
    if (end.last.reached) return { changed: false, ...registered(args, end.last, elapsed) };
    throw new Failure({
      code: 'HAPB6110',
      message: args.msg ?? `after ${args.timeout ?? 300} s it is still not so that ${phrase(args)}`,
      hint: 'See what was seen last below; raise `timeout` if it only takes longer.',
      details: end.last.seen,
      output: { elapsed, msg: args.msg ?? `Timeout when waiting until ${phrase(args)}` },
    });
  },
  output: (args, state) => registered(args, state, 0),
};

/** Nothing is named that could come true: the time is to pass. */
function onlyWaits({ port, path, command }: WaitForArgs): boolean {
  return port === undefined && path === undefined && command === undefined;
}

function registered(args: WaitForArgs, { found }: Look, elapsed: number): Output {
  const { path = null, port = null, search_regex = null } = args;
  return { elapsed, path, port, search_regex, ...found };
}

function phrase(args: WaitForArgs): string {
  if (onlyWaits(args)) return `${args.timeout ?? 300} s have passed`;
  const not = wantsAbsence(args);
  if (args.port !== undefined && args.state === 'drained')
    return `${args.host ?? '127.0.0.1'}:${args.port} has no active connections`;
  if (args.port !== undefined)
    return `${args.host ?? '127.0.0.1'}:${args.port} ${not ? 'no longer answers' : 'answers'}`;
  if (args.path !== undefined) {
    const matching = args.search_regex === undefined ? '' : ` with a line like ${args.search_regex}`;
    return `${args.path} is ${not ? 'gone' : `there${matching}`}`;
  }
  return `\`${(args.command ?? '').trim().split('\n')[0] ?? ''}\` ${not ? 'fails' : 'succeeds'}`;
}
