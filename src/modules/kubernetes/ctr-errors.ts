import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';

interface Known {
  readonly pattern: RegExp;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
  readonly again: 'worth-it' | 'useless';
}

const known: readonly Known[] = [
  {
    pattern: /ctr: not found|ctr: command not found/,
    code: 'HAPB6566',
    message: 'ctr is not installed',
    hint: 'Install containerd first (package: name: containerd).',
    again: 'useless',
  },
  {
    pattern: /permission denied.*containerd\.sock|containerd\.sock.*permission denied/,
    code: 'HAPB6565',
    message: "containerd's socket may be used by root alone",
    hint: 'Add `become: true` to the task.',
    again: 'useless',
  },
  {
    pattern: /no match for platform|no matching manifest/,
    code: 'HAPB6563',
    message: "the image does not exist for this node's processor",
    hint: 'Take an image that was built for it, or set `platform`.',
    again: 'useless',
  },
  {
    pattern: /\b401\b|\b403\b|unauthorized|authorization failed|pull access denied/i,
    code: 'HAPB6562',
    message: 'the registry wants credentials, or does not know the image',
    hint: "Check the image's name; credentials for a registry go into its hosts.toml below `hosts_dir`.",
    again: 'useless',
  },
  {
    pattern: /x509:/,
    code: 'HAPB6564',
    message: "the registry's certificate is not trusted",
    hint: "Put its CA into the registry's hosts.toml below `hosts_dir` (ca = …).",
    again: 'useless',
  },
  {
    pattern: /not found|manifest unknown/i,
    code: 'HAPB6567',
    message: 'the registry does not have this image, or not this tag',
    hint: 'Check name and tag; a mirror may not carry it yet.',
    again: 'useless',
  },
  {
    pattern: /no such host|connection refused|i\/o timeout|network is unreachable|connection reset|EOF/,
    code: 'HAPB6561',
    message: 'the registry cannot be reached',
    hint: 'Check DNS and network of the node. With containerd 1.x a proxy is taken from the shell that runs ctr, with 2.x from the containerd service.',
    again: 'worth-it',
  },
];

/** A pull that failed. */
export interface FailedPull {
  readonly ref: string;
  readonly host: string;
  readonly output: string;
}

/** The failure that explains it, and whether trying again may help. */
export function pullFailure(pull: FailedPull): {
  readonly failure: Failure;
  readonly again: 'worth-it' | 'useless';
} {
  const found = known.find((one) => one.pattern.test(pull.output));
  const failure = new Failure({
    code: found?.code ?? 'HAPB6568',
    message: `${pull.ref} could not be pulled on ${pull.host}${found === undefined ? '' : `: ${found.message}`}`,
    hint: found?.hint ?? 'Read what ctr printed.',
    details: pull.output.trim().split('\n').slice(-6).join('\n'),
  });
  return { failure, again: found?.again ?? 'worth-it' };
}
