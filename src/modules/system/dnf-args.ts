import { pathArgument } from '../general/file-arguments.ts';
import { onlyFlag, refusedArgument } from '../general/refused-argument.ts';
import type { ArgSchema, ArgsSchema } from '../module.ts';

/** Arguments of `dnf`. */
export interface DnfArgs {
  readonly name?: string | readonly string[];
  readonly state?: 'present' | 'installed' | 'absent' | 'removed' | 'latest';
  readonly enablerepo?: string | readonly string[];
  readonly disablerepo?: string | readonly string[];
  readonly exclude?: string | readonly string[];
  readonly update_cache?: boolean;
  readonly update_only?: boolean;
  readonly disable_gpg_check?: boolean;
  readonly allowerasing?: boolean;
  readonly best?: boolean;
  readonly nobest?: boolean;
  readonly skip_broken?: boolean;
  readonly security?: boolean;
  readonly bugfix?: boolean;
  readonly autoremove?: boolean;
  readonly install_weak_deps?: boolean;
  readonly allow_downgrade?: boolean;
  readonly cacheonly?: boolean;
  readonly releasever?: string;
  readonly conf_file?: string;
  readonly sslverify?: boolean;
}

const list = (description: string, aliases: readonly string[] = []): ArgSchema => ({
  type: ['array', 'string'],
  items: { type: 'string' },
  description,
  ...(aliases.length === 0 ? {} : { aliases }),
});
const flag = (description: string): ArgSchema => ({ type: 'boolean', default: false, description });

/** Their schema. */
export const dnfSchema: ArgsSchema = {
  type: 'object',
  properties: {
    name: list(
      'Package, or several as a list or with commas between: a name, NAME-VERSION, a pattern, a capability, or the path of a .rpm on the host. With state: latest, * is all that is installed.',
      ['pkg'],
    ),
    state: {
      enum: ['present', 'installed', 'absent', 'removed', 'latest'],
      default: 'present',
      description: 'Installed, not installed, or the newest that the sources offer.',
    },
    enablerepo: list('Sources to use besides.'),
    disablerepo: list('Sources to leave out.'),
    exclude: list('Packages to leave out.'),
    update_cache: {
      ...flag('Read the lists of the sources anew before something is installed; without a name only that.'),
      aliases: ['expire-cache'],
    },
    update_only: flag('With latest: leave packages alone that are not installed.'),
    disable_gpg_check: flag('Install packages whose signature cannot be verified.'),
    allowerasing: flag('Remove packages that are in the way.'),
    best: {
      type: 'boolean',
      description:
        'true: fail where the newest version cannot be installed. false: take an older one then. Absent: as dnf of the host is set up.',
    },
    nobest: { type: 'boolean', description: 'The opposite of `best`; only one of them can be given.' },
    skip_broken: flag('Leave out what cannot be installed.'),
    security: flag('With latest: only what mends security.'),
    bugfix: flag('With latest: only what mends errors.'),
    autoremove: flag('Remove what was only installed for others and is no longer needed.'),
    install_weak_deps: { type: 'boolean', default: true, description: 'Install recommended packages too.' },
    allow_downgrade: flag('Allow an older version than the installed one.'),
    cacheonly: flag('Use only the lists that are there.'),
    releasever: { type: 'string', pattern: '^\\S+$', description: 'Release whose packages are taken.' },
    conf_file: pathArgument('Configuration in place of /etc/dnf/dnf.conf.'),
    sslverify: { type: 'boolean', default: true, description: 'Verify certificates of sources.' },
    lock_timeout: { type: 'integer', description: 'Accepted; dnf waits until it may.' },
    use_backend: {
      enum: ['auto', 'yum', 'yum4', 'dnf', 'dnf4', 'dnf5'],
      default: 'auto',
      description: 'Accepted; dnf of the host is used.',
    },
    validate_certs: onlyFlag('true', 'Nothing is fetched by the module itself; see `sslverify`.'),
    download_only: refusedArgument('Use `command: dnf -y download …`.'),
    download_dir: refusedArgument('Use `command: dnf -y download …`.'),
    installroot: refusedArgument('Use `command: dnf -y --installroot …`.'),
    list: refusedArgument('Use `command: dnf list …` with changed_when: false.'),
    enable_plugin: refusedArgument('Set it in /etc/dnf.'),
    disable_plugin: refusedArgument('Set it in /etc/dnf.'),
    disable_excludes: refusedArgument('Set it in /etc/dnf.'),
  },
  not: { required: ['best', 'nobest'] },
  additionalProperties: false,
};

/** The words that a task names. */
export function wordsOf(value: string | readonly string[] | undefined): readonly string[] {
  const words = typeof value === 'string' ? value.split(',') : (value ?? []);
  return words.map((word) => word.trim()).filter((word) => word !== '');
}
