import type { BecomeSettings, ConnectionError } from './connection.ts';
import { connectionError, lastLines } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';

/** What a method that did not lead to a shell left behind. */
export interface BecomeEvidence {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** How often it asked for the password. */
  readonly prompts: number;
}

type Problem = Parameters<typeof connectionError>[2];

/** Says why become failed, from the words of sudo, su and doas. */
export function becomeProblem(
  settings: ConnectionSettings,
  become: BecomeSettings,
  evidence: BecomeEvidence,
): ConnectionError {
  const details = lastLines(
    `${evidence.stdout}\n${evidence.stderr}`.replace(/hapb-(password|started)-[0-9a-f]+:?/g, ''),
  );
  return connectionError('become', settings, { ...explain(settings, become, evidence), details });
}

function explain(settings: ConnectionSettings, become: BecomeSettings, evidence: BecomeEvidence): Problem {
  const { method, user } = become;
  const who = settings.kind === 'local' ? 'the user who runs hapb' : `'${settings.user}'`;
  const said = evidence.stderr + evidence.stdout;
  const has = (pattern: RegExp): boolean => pattern.test(said);

  if (evidence.exitCode === 127 || has(/\b(sudo|su|doas): (command )?not found/)) {
    return {
      code: 'HAPB5054',
      message: `cannot become '${user}': ${method} is not installed`,
      hint: `Install ${method} on the host, log in as '${user}' itself, or set \`become_method\` to one the host has.`,
    };
  }
  if (has(/must have a tty|a tty is required|must be run from a terminal|no tty present and no askpass/i)) {
    return method === 'doas' ? passwordNeeded(become, who) : ttyRequired(become, who);
  }
  if (
    has(
      /not in the sudoers file|is not allowed to (execute|run)|may not run sudo|[Oo]peration not permitted|Permission denied/,
    )
  ) {
    return {
      code: 'HAPB5050',
      message: `cannot become '${user}': ${method} does not allow it to ${who}`,
      hint: allowHint(method, settings.user),
    };
  }
  if (
    has(
      /account (or password )?(is |has )?expired|account validation failure|password (has )?expired|PAM account management error/i,
    )
  ) {
    return {
      code: 'HAPB5055',
      message: `cannot become '${user}': ${method} says that the account or its password has expired`,
      hint: 'Renew the account or the password on the host (`chage -l USER` shows the dates), then run again.',
    };
  }
  if (has(/unknown user|user .* does not exist|no passwd entry/i)) {
    return {
      code: 'HAPB5056',
      message: `cannot become '${user}': the host has no such user`,
      hint: 'Correct `become_user`, or create the user in an earlier task.',
    };
  }
  if (
    evidence.prompts > 1 ||
    has(/incorrect password|Sorry, try again|Authentication failure|[Aa]uthentication failed/)
  ) {
    return become.password === null ? passwordNeeded(become, who) : wrongPassword(become, who);
  }
  if (
    has(
      /password is required|^Password: ?$|no password was provided|Authorization required|Authentication (required|token)/m,
    ) ||
    evidence.prompts === 1
  ) {
    return become.password === null || method === 'doas'
      ? passwordNeeded(become, who)
      : wrongPassword(become, who);
  }
  return {
    code: 'HAPB5057',
    message: `cannot become '${user}' with ${method}${evidence.exitCode === null ? '' : ` (exit code ${evidence.exitCode})`}`,
    hint: `Log in as ${who} and try \`${method}\` by hand; the host's words are below.`,
  };
}

function passwordNeeded({ method, user }: BecomeSettings, who: string): Problem {
  if (method === 'doas') {
    return {
      code: 'HAPB5051',
      message: `cannot become '${user}': doas wants a password from ${who}, which it reads from a terminal only`,
      hint: 'Add a `permit nopass` rule to /etc/doas.conf, or set `become_method: sudo`.',
    };
  }
  const alsoWithoutRule = method === 'sudo' ? ' sudo says the same to a user who has no rule at all.' : '';
  return {
    code: 'HAPB5051',
    message: `cannot become '${user}': ${method} wants a password and none is known`,
    hint: `Run again with --ask-become-pass, set \`ansible_become_password\` (from a vault), or allow it without a password (NOPASSWD).${alsoWithoutRule}`,
  };
}

function wrongPassword({ method, user }: BecomeSettings, who: string): Problem {
  const whose = method === 'su' ? `'${user}'` : who;
  return {
    code: 'HAPB5052',
    message: `cannot become '${user}': ${method} does not take the become password`,
    hint: `${method} wants the password of ${whose}; correct it (--ask-become-pass or \`ansible_become_password\`). It was tried once only.`,
  };
}

function ttyRequired({ method, user }: BecomeSettings, who: string): Problem {
  return {
    code: 'HAPB5053',
    message: `cannot become '${user}': ${method} wants a terminal, and hapb never opens one`,
    hint: `Switch \`requiretty\` off for ${who} (in sudoers: \`Defaults:USER !requiretty\`), or log in as '${user}' itself.`,
  };
}

function allowHint(method: BecomeSettings['method'], loginUser: string): string {
  switch (method) {
    case 'sudo':
      return `Allow it on the host with a rule in /etc/sudoers.d, for example \`${loginUser} ALL=(ALL) ALL\`, or log in as another user.`;
    case 'doas':
      return `Allow it on the host with a rule in /etc/doas.conf, for example \`permit nopass ${loginUser}\`, or log in as another user.`;
    case 'su':
      return 'Use another `become_method`, or log in as another user; some hosts allow su to members of one group only (wheel).';
  }
}
