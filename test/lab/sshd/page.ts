import { loginRows } from './login-rows.ts';
import { nodeRows } from './node-rows.ts';

/** All rows, by what they are about. */
export const groups = Object.entries({ ...loginRows, ...nodeRows });

const head = `# What was tried on a real sshd

Each line is one test: a real OpenSSH server is started with its own configuration, accounts and mounts, and the bundled
hapb runs a few tasks on it as its login user, most of them as root too. Where the outcome is a code, hapb refuses and says
why; the code's section in [errors.md](errors.md) says what to do. \`npm run test:lab -- test/lab/sshd\` tries all of them; with
\`-u\` it writes this page.

How hosts are named and reached is told in [inventory.md](inventory.md#how-hosts-are-reached).
`;

const foot = `## Not tried

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
