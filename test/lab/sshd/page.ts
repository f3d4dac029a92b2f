import { configRows } from './config-rows.ts';
import { loginRows } from './login-rows.ts';
import { nodeRows } from './node-rows.ts';

/** All rows, by what they are about. */
export const groups = Object.entries({ ...loginRows, ...configRows, ...nodeRows });

const head = `# What was tried on a real sshd

Each line is one test: a real OpenSSH server is started with its own configuration, accounts and mounts, and the bundled
hapb runs a few tasks on it as its login user, most of them as root too. Where the outcome is a code, hapb refuses and says
why; the code's section in [errors.md](errors.md) says what to do. \`npm run test:lab -- test/lab/sshd\` tries all of them; with
\`-u\` it writes this page.

How hosts are named and reached is told in [inventory.md](inventory.md#how-hosts-are-reached).
`;

const foot = `## Tried by \`npm test\`

These need no account or mount of their own, and go through the connection itself.

- \`test/unit/connection/auth.test.ts\`: works with a key of the kind %s
- \`test/unit/connection/auth.test.ts\`: opens an encrypted key file through the agent that holds it
- \`test/unit/connection/auth.test.ts\`: decrypts a key once for all hosts, and lets everything else go on meanwhile
- \`test/unit/connection/auth.test.ts\`: works with a key that is encrypted by %s
- \`test/unit/connection/auth.test.ts\`: says that too many keys were tried
- \`test/unit/connection/host-keys.test.ts\`: that are revoked are fatal, also when another line holds them
- \`test/unit/connection/host-keys.test.ts\`: of another type than the known one are fatal too
- \`test/unit/connection/ssh.test.ts\`: goes through jump hosts, and checks the key of each
- \`test/unit/connection/limits.test.ts\`: MaxSessions 1: several users and the end of a slow command work over %s
- \`test/unit/connection/limits.test.ts\`: MaxStartups 10:30:100: thirty hosts behind one jump host are all reached
- \`test/unit/connection/limits.test.ts\`: MaxStartups 2:100:2: who is dropped comes again over %s
- \`test/unit/connection/ssh-faults.test.ts\`: asks for a code that hapb does not have
- \`test/unit/cli/host-keys.test.ts\`: of all hosts are shown once with their fingerprints, and one question takes all

## Not tried

| demand | why |
|---|---|
| Security keys (FIDO: \`ed25519-sk\`, \`ecdsa-sk\`) | no such device on the machines that test; \`ansible_connection: openssh\` leaves them to the system's client |
| Kerberos (GSSAPI) | no realm on the machines that test; \`ansible_connection: openssh\` leaves it to the system's client |
| Key exchange by mlkem768 | needs OpenSSH 9.9 on both sides, and Debian 12 has 9.2; sntrup761, which is tried, goes the same way |
`;

/** The text of docs/ssh.md. */
export function page(): string {
  const tables = groups.map(([title, rows]) =>
    [`## ${title}`, '', '| demand | outcome |', '|---|---|', ...rows.map(lineOf), ''].join('\n'),
  );
  return [head, ...tables, foot].join('\n');
}

function lineOf({ demand, outcome }: { readonly demand: string; readonly outcome: string }): string {
  return `| ${demand} | ${outcome} |`;
}
