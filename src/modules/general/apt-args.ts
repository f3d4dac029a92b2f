import type { ArgSchema, ArgsSchema } from '../module.ts';

/** Arguments of `apt`. */
export interface AptArgs {
  readonly name?: string | readonly string[];
  readonly state?: 'present' | 'absent' | 'latest' | 'fixed' | 'build-dep';
  readonly update_cache?: boolean;
  readonly cache_valid_time?: number;
  readonly update_cache_retries?: number;
  readonly upgrade?: boolean | 'yes' | 'no' | 'safe' | 'full' | 'dist';
  readonly deb?: string;
  readonly default_release?: string;
  readonly install_recommends?: boolean;
  readonly only_upgrade?: boolean;
  readonly allow_downgrade?: boolean;
  readonly allow_unauthenticated?: boolean;
  readonly allow_change_held_packages?: boolean;
  readonly fail_on_autoremove?: boolean;
  readonly force?: boolean;
  readonly purge?: boolean;
  readonly autoremove?: boolean;
  readonly autoclean?: boolean;
  readonly clean?: boolean;
  readonly dpkg_options?: string;
  readonly lock_timeout?: number;
  readonly policy_rc_d?: number;
}

const flag = (description: string, aliases: readonly string[] = []): ArgSchema => ({
  type: 'boolean',
  default: false,
  description,
  ...(aliases.length === 0 ? {} : { aliases }),
});

/** Their schema. */
export const aptSchema: ArgsSchema = {
  type: 'object',
  properties: {
    name: {
      type: ['array', 'string'],
      changes: 'package',
      items: { type: 'string' },
      description:
        'Package, or several as a list or with commas between; NAME=VERSION, where * stands for anything, or NAME>=VERSION. With state: latest, * is all that is installed.',
      aliases: ['package', 'pkg'],
    },
    state: {
      enum: ['present', 'absent', 'latest', 'fixed', 'build-dep'],
      default: 'present',
      description:
        'Installed, not installed, or the newest that the sources offer; fixed mends broken dependencies. build-dep is refused.',
    },
    update_cache: flag('Read the lists of the sources anew before.', ['update-cache']),
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Seconds for which lists count as fresh. More than 0 implies update_cache.',
    },
    update_cache_retries: {
      type: 'integer',
      minimum: 0,
      default: 5,
      description: 'How often a list is tried that cannot be fetched.',
    },
    update_cache_retry_max_delay: {
      type: 'integer',
      description: 'Accepted; apt itself knows how long to wait.',
    },
    upgrade: {
      enum: ['dist', 'full', 'no', 'safe', 'yes', true, false],
      default: 'no',
      description:
        'Upgrade all that is installed: yes and safe remove nothing (apt-get upgrade --with-new-pkgs), dist and full do what it takes (apt-get dist-upgrade).',
    },
    deb: {
      type: 'string',
      hostPath: 'always',
      description: 'Path of a .deb on the host to install, with what it depends on.',
    },
    default_release: {
      type: 'string',
      pattern: '^\\S+$',
      description: 'Release to prefer, such as bookworm-backports.',
      aliases: ['default-release'],
    },
    install_recommends: {
      type: 'boolean',
      description: 'Install recommended packages too. Absent: as the host is set up.',
      aliases: ['install-recommends'],
    },
    only_upgrade: flag('Leave packages alone that are not installed.'),
    allow_downgrade: flag('Allow an older version than the installed one.', [
      'allow-downgrade',
      'allow_downgrades',
      'allow-downgrades',
    ]),
    allow_unauthenticated: flag('Install packages whose signature cannot be verified.', [
      'allow-unauthenticated',
    ]),
    allow_change_held_packages: flag('Change packages that are held at their version.'),
    fail_on_autoremove: flag('Fail instead of removing any package.'),
    force: flag('All of the allow_… above, and the removal of essential packages. It can destroy a system.'),
    purge: flag('With absent and autoremove: remove configuration files too.'),
    autoremove: flag('Remove what was only installed for others and is no longer needed.'),
    autoclean: flag('Remove package files from the cache that no source offers any more.'),
    clean: flag('Remove all package files from the cache.'),
    dpkg_options: {
      type: 'string',
      pattern: '^[a-z-]+(,[a-z-]+)*$',
      default: 'force-confdef,force-confold',
      description: 'Options for dpkg, with commas between.',
    },
    lock_timeout: {
      type: 'integer',
      minimum: 0,
      default: 60,
      description: 'Seconds to wait for another package manager.',
    },
    policy_rc_d: {
      type: 'integer',
      minimum: 0,
      description:
        'Exit code of /usr/sbin/policy-rc.d while packages are installed; 101 keeps their services from starting.',
    },
    force_apt_get: flag('Accepted; apt-get is always used.'),
    auto_install_module_deps: { type: 'boolean', default: true, description: 'Accepted; nothing is needed.' },
  },
  additionalProperties: false,
};

/** The packages that a task names. */
export function namesOf(args: AptArgs): readonly string[] {
  const words = typeof args.name === 'string' ? args.name.split(',') : (args.name ?? []);
  return words.map((word) => word.trim()).filter((word) => word !== '');
}

/** How all packages are to be upgraded; `null`: they are not. */
export function upgradeOf(args: AptArgs): 'upgrade' | 'dist-upgrade' | null {
  if (args.state === 'latest' && namesOf(args).includes('*')) return 'upgrade';
  switch (args.upgrade) {
    case 'yes':
    case 'safe':
    case true:
      return 'upgrade';
    case 'full':
    case 'dist':
      return 'dist-upgrade';
    default:
      return null;
  }
}

/** Whether lists are to be read anew when they are old. */
export function wantsUpdate(args: AptArgs): boolean {
  return args.update_cache === true || (args.cache_valid_time ?? 0) > 0;
}
