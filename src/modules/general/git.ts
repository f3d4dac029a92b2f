import type { Module } from '../module.ts';
import { changedTree, programArgument } from './file-arguments.ts';
import { applyGit } from './git-apply.ts';
import { type GitArgs, type GitState, gitState } from './git-ask.ts';
import { type GitChange, gitOutput, planGit } from './git-plan.ts';
import { refusedArgument } from './refused-argument.ts';

/** A clone of a repository. */
export const git: Module<GitArgs, GitState, GitChange> = {
  name: 'git',
  summary: 'Clones a git repository on the host and keeps it at a version.',
  notes: [
    'The host itself talks to the repository, with its git and its keys. git asks nothing; where it wants a password, the task fails and says so.',
    'Check mode asks the repository which commit the version is (`git ls-remote`, which only reads). It is not asked at all when `version` is a whole commit and that is checked out, or with `update: false`. The forecast is unknown for a short commit that is not there yet, and while a host’s key is yet to be accepted.',
    'Changes that were not committed are an error; `force: true` throws them away. Files that git does not know are left alone.',
    'With `clone: false` and no clone the commit is registered, and nothing changes.',
    'An address with a password in it would be seen in the host’s process list; use SSH with `key_file`, or a credential helper.',
  ],
  args: {
    type: 'object',
    properties: {
      repo: {
        type: 'string',
        minLength: 1,
        description: 'Address of the repository, or a path on the host.',
        aliases: ['name'],
      },
      dest: changedTree('Folder of the clone.'),
      version: {
        type: 'string',
        minLength: 1,
        default: 'HEAD',
        description: 'Branch, tag or commit. HEAD: the repository’s main branch.',
      },
      remote: {
        type: 'string',
        minLength: 1,
        default: 'origin',
        description: 'What the clone calls the repository.',
      },
      update: {
        type: 'boolean',
        default: true,
        description: 'false: a clone that is there is left as it is.',
      },
      clone: { type: 'boolean', default: true, description: 'false: make no clone where there is none.' },
      force: { type: 'boolean', default: false, description: 'Throw away changes that were not committed.' },
      depth: { type: 'integer', minimum: 1, description: 'Fetch only so many commits of the history.' },
      single_branch: {
        type: 'boolean',
        default: false,
        description: 'Fetch the history of the version only.',
      },
      refspec: { type: 'string', description: 'More to fetch, such as +refs/pull/*:refs/heads/*.' },
      reference: { type: 'string', description: 'A clone on the host to take objects from.' },
      bare: { type: 'boolean', default: false, description: 'A clone without files.' },
      recursive: { type: 'boolean', default: true, description: 'Submodules too.' },
      track_submodules: {
        type: 'boolean',
        default: false,
        description: 'Submodules at the newest commit of their branch instead of the committed one.',
      },
      verify_commit: { type: 'boolean', default: false, description: 'Only a commit with a good signature.' },
      key_file: {
        type: 'string',
        hostPath: 'always',
        description: 'Path on the host of the private key for SSH.',
      },
      ssh_opts: { type: 'string', description: 'Further options for ssh.' },
      accept_newhostkey: {
        type: 'boolean',
        default: false,
        description: 'Write down the key of a server that is not known yet.',
      },
      accept_hostkey: { type: 'boolean', default: false, description: 'Take any key of the server.' },
      executable: programArgument('Path of git.'),
      umask: {
        type: 'string',
        pattern: '^0?[0-7]{3}$',
        description: 'Octal umask for what git makes, in quotes.',
      },
      archive: refusedArgument('Let a `command` task call `git archive`.'),
      archive_prefix: refusedArgument('Let a `command` task call `git archive`.'),
      separate_git_dir: refusedArgument('Let a `command` task call `git clone --separate-git-dir`.'),
      gpg_allowlist: refusedArgument(
        'Keep only the trusted keys in the user’s keyring, and say `verify_commit`.',
      ),
      gpg_whitelist: refusedArgument(
        'Keep only the trusted keys in the user’s keyring, and say `verify_commit`.',
      ),
    },
    required: ['repo'],
    additionalProperties: false,
  },
  optional: ['remote_url_changed', 'cmd', 'msg'],
  returns: {
    before: 'The commit that was checked out; null: there was none.',
    after: 'The commit that is.',
    remote_url_changed: 'Whether the clone had another address; only where there was one.',
    cmd: 'The command that failed, about as Ansible would call it; with it rc, stdout and stderr.',
    msg: 'That changes were thrown away; where it failed, what git said.',
  },
  example: `- name: The site's source
  git:
    repo: https://example.com/site.git
    dest: /srv/site
    version: v1.4.0
`,
  probe: (args) => gitState(args),
  diff: (args, state, task) => planGit(args, state, task.host),
  apply: applyGit,
  output: (args, state) => gitOutput(args, state),
  foreseen: (wanted) => wanted.result,
};
