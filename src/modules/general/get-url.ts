import type { Module } from '../module.ts';
import { backupArgument, changedPath, permissionArguments } from './file-arguments.ts';
import { applyGetUrl } from './get-url-apply.ts';
import { type GetUrlArgs, type GetUrlState, getUrlState } from './get-url-ask.ts';
import { type GetUrlChange, getUrlOutput, planGetUrl } from './get-url-plan.ts';
import { refusedFileArguments } from './refused-argument.ts';
import { urlArguments } from './url-arguments.ts';

/** A file from a server. */
export const getUrl: Module<GetUrlArgs, GetUrlState, GetUrlChange> = {
  name: 'get_url',
  summary: 'Downloads a file from HTTP, HTTPS or FTP to the host.',
  notes: [
    'The host itself fetches it, with curl or else with wget, so it is the host that needs a way to the server. Where it has neither, the task fails and says so; with `via: controller` the controller fetches it (with its curl, files up to 128 MiB) and sends it over the connection. That is not done unasked, because the controller may see another network.',
    'With `checksum` the server is asked only when the file that is there has another digest; the new file is put in place only when it has the wanted one. Without it the server is asked whether it has a newer one (If-Modified-Since).',
    'The address, headers and password are handed to curl on its standard input, so they are in no process list. wget could not keep them secret, so it is used only for requests without secrets; busybox’s wget checks no certificates, so it is used for HTTPS only with `validate_certs: false`.',
    'A `dest` that is a folder means: into it, under the last name in the address. Names that the server proposes (Content-Disposition, redirects) are not used, so the place is known before.',
    'Check mode asks the server only for the head of the file. What it then offers in the same size as the file that is there, without a checksum, is unknown: only fetching it would tell.',
    'The new file lies under a temporary name beside its place until it is whole; `tmp_dest` is taken and not needed.',
  ],
  args: {
    type: 'object',
    properties: {
      ...urlArguments(10),
      dest: changedPath('Where the file goes. A directory means: into it.'),
      checksum: {
        type: 'string',
        description:
          'ALGORITHM:DIGEST, or ALGORITHM:URL of a list of digests in which the file is named (md5, sha1, sha224, sha256, sha384, sha512).',
      },
      force: {
        type: 'boolean',
        default: false,
        description: 'true: fetch it however old it is on the server. A file with the wanted checksum stays.',
      },
      backup: backupArgument,
      tmp_dest: { type: 'string', description: 'Taken for Ansible’s sake; nothing is done with it.' },
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['url', 'dest'],
    additionalProperties: false,
  },
  optional: ['backup_file', 'response'],
  returns: {
    dest: 'Path of the file.',
    url: 'The address, without a password.',
    status_code: 'Status of the answer; absent when the server was not asked.',
    msg: 'What the server said, or that the file was there.',
    elapsed: 'Seconds that it took.',
    size: 'Size in bytes.',
    checksum_src: 'SHA-1 of what was fetched.',
    checksum_dest: 'SHA-1 of the file that was there; null when there was none, or the server was not asked.',
    md5sum: 'MD5 of what was fetched.',
    state: 'Always file.',
    mode: 'Octal permissions.',
    owner: 'Owner.',
    group: 'Group.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    response: 'What the server said, where it failed.',
    backup_file: 'Where the old file was kept; absent when there was nothing to keep.',
  },
  example: `- name: The static binary
  get_url:
    url: https://example.com/releases/v1.2.3/tool
    dest: /usr/local/bin/tool
    mode: '0755'
    checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
`,
  probe: (args) => getUrlState(args),
  diff: (args, state, task) => planGetUrl(args, state, task.host),
  apply: applyGetUrl,
  output: (args, state) => getUrlOutput(args, state),
  foreseen: ({ result, fetch }) => ({
    ...result,
    ...(fetch?.backupPath ? { backup_file: fetch.backupPath } : {}),
  }),
};
