import type { ArgSchema } from '../module.ts';

const text = (description: string): ArgSchema => ({ type: 'string', description });
const flag = (description: string): ArgSchema => ({ type: 'boolean', description });
const texts = (description: string): ArgSchema => ({
  type: ['array', 'string'],
  items: { type: 'string' },
  description,
});

/** Options of a repository by the names that they have in its file (yum.conf(5), dnf.conf(5)). */
export const yumOptions: Readonly<Record<string, ArgSchema>> = {
  async: flag('Whether downloads may run in parallel; dnf does not know it.'),
  bandwidth: text('Bytes a second that `throttle` counts from.'),
  baseurl: texts('Addresses of the folder that holds `repodata`.'),
  cost: text('Its cost beside that of others.'),
  countme: flag('Whether to let the mirrors count this system.'),
  deltarpm_metadata_percentage: text('How large the data of deltas may be; dnf does not know it.'),
  deltarpm_percentage: text('How large a delta may be beside its package.'),
  enabled: flag('Whether it is used.'),
  enablegroups: flag('Whether its groups of packages are.'),
  exclude: { ...texts('Packages that it is not used for.'), aliases: ['excludepkgs'] },
  failovermethod: { enum: ['roundrobin', 'priority'], description: 'In which order addresses are tried.' },
  gpgcakey: text('Address of the authority’s key; dnf does not know it.'),
  gpgcheck: flag('Whether signatures of packages are checked.'),
  gpgkey: texts('Addresses of the keys.'),
  http_caching: {
    enum: ['all', 'packages', 'none'],
    description: 'What proxies may keep; dnf does not know it.',
  },
  include: text('Another file to read.'),
  includepkgs: texts('The only packages that it is used for.'),
  ip_resolve: { enum: ['4', '6', 'IPv4', 'IPv6', 'whatever'], description: 'Which addresses are used.' },
  keepalive: flag('Whether connections are kept; dnf does not know it.'),
  keepcache: { enum: ['0', '1'], description: 'Whether packages are kept; it belongs into the main file.' },
  metadata_expire: text('How long its lists count, in seconds or with d, h, m.'),
  metadata_expire_filter: {
    enum: ['never', 'read-only:past', 'read-only:present', 'read-only:future'],
    description: 'When older lists do; dnf does not know it.',
  },
  metalink: text('Address of a metalink.'),
  mirrorlist: text('Address of a list of mirrors.'),
  mirrorlist_expire: text('How long that list counts; dnf does not know it.'),
  module_hotfixes: flag('Whether its packages count beside modules.'),
  password: { type: 'string', secret: 'allowed', description: 'Password for the user.' },
  priority: text('Its priority; the lowest number wins.'),
  protect: flag('Whether others may update its packages; dnf does not know it.'),
  proxy: text('Address of a proxy, or `_none_`.'),
  proxy_password: { type: 'string', secret: 'allowed', description: 'Password for the proxy.' },
  proxy_username: text('User of the proxy.'),
  repo_gpgcheck: flag('Whether the signature of its lists is checked.'),
  retries: text('How often a download is tried.'),
  s3_enabled: flag('Whether addresses of S3 are understood, by a plugin.'),
  skip_if_unavailable: flag('Whether dnf goes on when it is out of reach.'),
  ssl_check_cert_permissions: flag('Whether permissions of certificates matter; dnf does not know it.'),
  sslcacert: { ...text('Path of the authorities to trust.'), aliases: ['ca_cert'] },
  sslclientcert: { ...text('Path of the certificate to show.'), aliases: ['client_cert'] },
  sslclientkey: { ...text('Path of its key.'), aliases: ['client_key'] },
  sslverify: { ...flag('Whether the server’s certificate is checked.'), aliases: ['validate_certs'] },
  throttle: text('The most that downloads may take of the bandwidth.'),
  timeout: text('Seconds to wait for a connection.'),
  ui_repoid_vars: text('Variables shown behind the id; dnf does not know it.'),
  username: text('User of the repository.'),
};
