import { expandHome } from './known-hosts.ts';
import type { ConnectionSettings, HostKeyPolicy, Jump } from './settings.ts';

/** The settings as options of the system's ssh client; what they do not say is left to the user's ssh configuration. */
export function opensshArguments(settings: ConnectionSettings) {
  const option = (name: string, value: string | number): string[] => ['-o', `${name}=${value}`];
  const options = [
    // First, because ssh takes the first value of an option.
    ...(settings.opensshArgs ?? []),
    ...option('BatchMode', 'yes'),
    ...option('LogLevel', 'ERROR'),
    ...option('StrictHostKeyChecking', strictness(settings.hostKeyPolicy)),
    ...option('ConnectTimeout', Math.max(1, Math.ceil(settings.connectTimeoutMs / 1_000))),
    ...option('ServerAliveInterval', 5),
    ...option('ServerAliveCountMax', 3),
    ...option('EscapeChar', 'none'),
    ...option('ForwardAgent', 'no'),
    ...option('ForwardX11', 'no'),
    ...option('Port', settings.port),
    ...option('User', settings.user),
    ...settings.privateKeyFiles.flatMap((file) => ['-i', expandHome(file)]),
    ...(settings.agentSocket === null
      ? option('IdentitiesOnly', 'yes')
      : option('IdentityAgent', settings.agentSocket)),
    ...(settings.knownHostsFiles.length === 0
      ? []
      : option(
          'UserKnownHostsFile',
          settings.knownHostsFiles.map((file) => `"${expandHome(file)}"`).join(' '),
        )),
    ...(settings.jumps.length === 0 ? [] : ['-J', settings.jumps.map(jumpText).join(',')]),
  ];
  return { options, destination: settings.address };
}

function strictness(policy: HostKeyPolicy): string {
  switch (policy) {
    case 'strict':
      return 'yes';
    case 'accept-new':
      return 'accept-new';
    case 'off':
      return 'no';
  }
}

function jumpText({ user, address, port }: Jump): string {
  const name = address.includes(':') ? `[${address}]` : address;
  return `${user === null ? '' : `${user}@`}${name}${port === null ? '' : `:${port}`}`;
}
