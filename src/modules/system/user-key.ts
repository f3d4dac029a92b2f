import type { Edit, Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Unknown } from '../../core/unknown.ts';
import { type Ask, all, orUnknown, question } from '../ask.ts';
import { commandExists } from '../asks/command-exists.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileKey, unforeseenFile } from '../asks/file-state.ts';
import type { HostWriter } from '../module.ts';
import { accountStep } from './account-failure.ts';
import type { UserArgs } from './user-args.ts';

/** What is known of an account's SSH key. */
export interface KeyState {
  readonly path: string;
  readonly private: FileState;
  readonly public: FileState;
  /** What ssh-keygen says of it; empty: there is none. */
  readonly fingerprint: string;
  readonly tool: string | null | Unknown;
}

/** A key to make. */
export interface KeyPlan {
  readonly path: string;
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
}

/** Asks for the key of an account that lives at `home`. */
export function sshKey(args: UserArgs, home: string): Ask<KeyState> {
  const name = args.ssh_key_file ?? `.ssh/id_${args.ssh_key_type ?? 'rsa'}`;
  const path = name.startsWith('/') ? name : `${home}/${name}`;
  return all({
    path: { queries: [], decode: () => path },
    private: file(path, { content: 'none' }),
    public: file(`${path}.pub`, { content: 'text', links: 'follow' }),
    fingerprint: question({
      key: `ssh-fingerprint:${path}`,
      reads: [fileKey(path)],
      sh: 'ssh-keygen -l -f "$1" 2>/dev/null; exit 0',
      args: [path],
      parse: (reply) => reply.stdout.trim(),
    }),
    tool: orUnknown(commandExists('ssh-keygen')),
  });
}

/** The key that has to be made; `null`: there is one. @throws Failure HAPB6300 without ssh-keygen */
export function planKey(args: UserArgs, state: KeyState): KeyPlan | null {
  const there = state.private.kind !== 'absent' || state.public.kind !== 'absent';
  if (there && args.force !== true) return null;
  if (state.tool === null) {
    throw new Failure({
      code: 'HAPB6300',
      message: 'the host has no ssh-keygen, so no key can be made',
      hint: 'Install the package openssh-client.',
      argument: 'generate_ssh_key',
    });
  }
  const paths = [state.path, `${state.path}.pub`];
  return {
    path: state.path,
    edits: paths.map((path) => ({
      subject: path,
      before: there ? '(another key)\n' : null,
      after: '(a new key)\n',
    })),
    effects: paths.map((path) => unforeseenFile(path, 'ssh-keygen makes it')),
  };
}

// ssh-keygen takes a passphrase from argv or from a program: this one hands on one line of stdin for each prompt.
const script = `
path=$1 type=$2 bits=$3 comment=$4 user=$5 secret=$6
dir=\${path%/*}
group=$(id -gn "$user") || exit
if [ ! -d "$dir" ]; then mkdir -m 0700 -- "$dir" && chown -- "$user:$group" "$dir" || exit; fi
rm -f -- "$path" "$path.pub"
[ -n "$comment" ] || comment="ansible-generated on $(uname -n)"
set -- -q -t "$type" -C "$comment" -f "$path"
[ "$bits" = 0 ] || set -- "$@" -b "$bits"
if [ "$secret" = no ]; then ssh-keygen "$@" -N '' || exit
else
  helper=$(mktemp) || exit
  trap 'rm -f -- "$helper"' EXIT
  printf '#!/bin/sh\\nIFS= read -r line && printf "%%s\\\\n" "$line"\\n' >"$helper"
  chmod 0700 "$helper"
  passphrase=$(cat)
  printf '%s\\n%s\\n' "$passphrase" "$passphrase" |
    SSH_ASKPASS=$helper SSH_ASKPASS_REQUIRE=force DISPLAY=none ssh-keygen "$@" || exit
fi
chown -- "$user:$group" "$path" "$path.pub"
`;

/** Makes it. @throws Failure HAPB6301 */
export async function makeKey(args: UserArgs, plan: KeyPlan, host: HostWriter): Promise<void> {
  const passphrase = args.ssh_key_passphrase;
  const words = [
    plan.path,
    args.ssh_key_type ?? 'rsa',
    String(args.ssh_key_bits ?? 0),
    args.ssh_key_comment ?? '',
    args.name,
    passphrase === undefined ? 'no' : 'yes',
  ];
  const call = { sh: script, args: words, ...(passphrase === undefined ? {} : { stdin: passphrase }) };
  await accountStep(host, call, `make the SSH key of ${args.name}`);
}
