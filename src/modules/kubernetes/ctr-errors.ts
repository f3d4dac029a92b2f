import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';

interface Known {
  readonly pattern: RegExp;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string | ((output: string) => string);
  readonly again: 'worth-it' | 'useless';
}

/** What goes wrong between ctr and containerd, whatever is asked for. */
const ofContainerd: readonly Known[] = [
  {
    pattern: /no program named \S+|\bctr: (?:command )?not found/,
    code: 'HAPB6566',
    message: 'ctr is not installed',
    hint: 'Install containerd first (package: name: containerd), or say with `ctr` where the program is.',
    again: 'useless',
  },
  {
    pattern: /permission denied.*\.sock|\.sock.*permission denied/,
    code: 'HAPB6565',
    message: "containerd's socket may be used by root alone",
    hint: 'Add `become: true` to the task.',
    again: 'useless',
  },
  {
    pattern: /dial unix|cannot access socket|\.sock\b.*(?:no such file|connection refused)/,
    code: 'HAPB6565',
    message: 'containerd does not answer at its socket',
    hint: 'Look at `systemctl status containerd` on the node, and check `address`.',
    again: 'worth-it',
  },
];

const ofRegistries: readonly Known[] = [
  {
    pattern: /no match for platform|no matching manifest/,
    code: 'HAPB6563',
    message: "the image does not exist for this node's processor",
    hint: 'Take an image that was built for it, or set `platform`.',
    again: 'useless',
  },
  {
    pattern:
      /: 40[13] (?:Unauthorized|Forbidden)|\b40[13] (?:Unauthorized|Forbidden)|\bstatus(?: code)?:? 40[13]\b|unauthorized|authorization failed|pull access denied|no basic auth credentials/i,
    code: 'HAPB6562',
    message: 'the registry wants credentials, or does not know the image',
    hint: "Check the image's name and `user`. The kubelet needs credentials of its own for what it pulls itself.",
    again: 'useless',
  },
  {
    pattern: /server gave HTTP response to HTTPS client/,
    code: 'HAPB6569',
    message: 'the registry speaks HTTP, and HTTPS was asked for',
    hint: 'Set `plain_http: true`, or `server = "http://…"` in the registry\'s hosts.toml below `hosts_dir`.',
    again: 'useless',
  },
  {
    pattern: /x509:|certificate signed by unknown authority|tls: failed to verify/,
    code: 'HAPB6564',
    message: "the registry's certificate is not trusted",
    hint: "Put its CA into the registry's hosts.toml below `hosts_dir` (ca = …), and check the node's clock.",
    again: 'useless',
  },
  {
    pattern:
      /no such host|connection refused|i\/o timeout|network is unreachable|no route to host|connection reset|TLS handshake timeout|context deadline exceeded|server misbehaving|EOF/,
    code: 'HAPB6561',
    message: 'the registry cannot be reached',
    hint: (output) => `Check DNS and network of the node. ${proxyHint(output)}`,
    again: 'worth-it',
  },
  {
    pattern: /not found|manifest unknown|name unknown/i,
    code: 'HAPB6567',
    message: 'the registry does not have this image, or not this tag',
    hint: 'Check name and tag; a mirror may not carry it yet.',
    again: 'useless',
  },
];

/** A pull or an import that failed. */
export interface FailedPull {
  readonly ref: string;
  readonly host: string;
  readonly output: string;
  /** Whether a login was sent. */
  readonly login?: 'sent';
}

/** The failure that explains it, and whether trying again may help. */
export function pullFailure(pull: FailedPull): {
  readonly failure: Failure;
  readonly again: 'worth-it' | 'useless';
} {
  // A tag such as 1.403 must not be taken for an answer of the registry.
  const words = pull.output.replaceAll(pull.ref, 'REF').replaceAll(/\[(?:manifests|blobs) [^\]]*\]/g, '');
  const found = [...ofContainerd, ...ofRegistries].find((one) => one.pattern.test(words));
  if (found?.code === 'HAPB6562' && pull.login === 'sent')
    return { failure: loginRefused(pull), again: 'useless' };
  const failure = new Failure({
    code: found?.code ?? 'HAPB6568',
    message: `${pull.ref} could not be pulled on ${pull.host}${found === undefined ? '' : `: ${found.message}`}`,
    hint: found === undefined ? 'Read what ctr printed.' : hintOf(found, pull.output),
    details: lastLines(pull.output),
  });
  return { failure, again: found?.again ?? 'worth-it' };
}

function loginRefused(pull: FailedPull): Failure {
  return new Failure({
    code: 'HAPB6562',
    message: `${pull.ref} could not be pulled on ${pull.host}: the registry refused the login`,
    hint: 'Check name and password of `user`, and that this user may read the image.',
    argument: 'user',
    details: lastLines(pull.output),
  });
}

/** The failure of ctr itself, asked for something else than a pull. */
export function ctrFailure(output: string): Failure {
  const found = ofContainerd.find((one) => one.pattern.test(output));
  return new Failure({
    code: found?.code ?? 'HAPB6565',
    message: found?.message ?? 'containerd cannot be asked',
    hint: found === undefined ? 'Look at `systemctl status containerd` on the node.' : hintOf(found, output),
    details: output.trim(),
  });
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-6).join('\n');
}

function hintOf({ hint }: Known, output: string): string {
  return typeof hint === 'string' ? hint : hint(output);
}

/** Where a proxy must be set: containerd 1.x pulls in ctr, 2.x in the service. `ctr --version` stands in the output. */
function proxyHint(output: string): string {
  const inTask = "in the task's `environment` (HTTPS_PROXY, NO_PROXY), because ctr itself pulls";
  const inService =
    'for the service (systemctl edit containerd, Environment=HTTPS_PROXY=…), because the service pulls';
  const major = /^ctr \S+ v?(\d+)\./m.exec(output)?.[1];
  if (major === undefined) return `A proxy is set, with containerd 1.x, ${inTask}; with 2.x ${inService}.`;
  return `With containerd ${major}.x a proxy is set ${major === '1' ? inTask : inService}.`;
}
