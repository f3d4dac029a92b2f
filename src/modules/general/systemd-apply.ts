import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import { type UnitState, unit, unitctl, unitName } from '../asks/unit.ts';
import type { HostWriter } from '../module.ts';
import { lastLines, notConverged, runThenAsk } from './steps.ts';
import { isEnabled, isRunning, type ServiceChange, type Verb } from './systemd-plan.ts';

/** What the script returns when the first verb fails; each one more behind it. */
const firstExit = 100;

/** Gives the verbs to systemctl and looks what came of it, in one round trip. @throws Failure HAPB6101 */
export async function applyService(wanted: ServiceChange, host: HostWriter): Promise<Output> {
  const { args, verbs } = wanted;
  const name = args.name === undefined ? '' : unitName(args.name);
  const lines = verbs.map((verb, index) => {
    const block = args.no_block === true && /^(start|stop|restart|reload)/.test(verb) ? '--no-block ' : '';
    const force = args.force === true && (verb === 'enable' || verb === 'mask') ? '--force ' : '';
    const manager = verb === 'daemon-reload' || verb === 'daemon-reexec';
    return `unitctl "$2" ${block}${force}${verb}${manager ? '' : ' -- "$1"'} || return ${firstExit + index}\n`;
  });
  const change = { sh: `${unitctl}\n${lines.join('')}`, args: [name, args.scope ?? 'system'] };
  const asked = args.name === undefined ? nothing(null) : unit(args.name, args.scope);
  const { reply, found } = await runThenAsk(host, change, asked);
  if (reply.exitCode !== 0) {
    const verb = verbs[reply.exitCode - firstExit] ?? verbs[0] ?? 'start';
    throw await failed(verb, { name, host, output: reply.stderr });
  }
  const nothingDone = verbs.every((each) => each === 'daemon-reexec') ? { changed: false } : {};
  if (args.name === undefined || found === null) return nothingDone;
  await compare(wanted, { name, host, found });
  return {
    ...nothingDone,
    name: args.name,
    state: isRunning(found) ? 'started' : 'stopped',
    enabled: found.unitFile === 'enabled',
    status: {
      LoadState: found.load,
      ActiveState: found.active,
      SubState: found.sub,
      UnitFileState: found.unitFile,
    },
  };
}

async function compare(
  wanted: ServiceChange,
  at: { readonly name: string; readonly host: HostWriter; readonly found: UnitState },
): Promise<void> {
  const { args, verbs } = wanted;
  const { found, name, host } = at;
  if (args.enabled === true && !isEnabled(found))
    throw notConverged(`unit ${name}`, `it as ${found.unitFile}`);
  if (args.no_block === true) return;
  if (args.state === 'stopped' && isRunning(found))
    throw notConverged(`unit ${name}`, `it as ${found.active}`);
  const started = verbs.some(
    (verb) => verb === 'start' || verb === 'restart' || verb === 'reload-or-restart',
  );
  if (started && found.active === 'failed') throw await failed('start', { name, host, output: '' });
}

async function failed(
  verb: Verb,
  at: { readonly name: string; readonly host: HostWriter; readonly output: string },
): Promise<Failure> {
  const sh =
    'journalctl -u "$1" -n 20 --no-pager -o cat 2>/dev/null || systemctl status --no-pager -n 20 -- "$1" 2>&1';
  const journal = await at.host.run({ sh, args: [at.name] });
  return new Failure({
    code: 'HAPB6101',
    message: `systemctl ${verb} ${at.name} failed`,
    hint: 'Read what the unit says below; `systemctl status` on the host tells more.',
    details: [lastLines(at.output, 5), lastLines(journal.stdout, 20)]
      .filter((text) => text !== '')
      .join('\n'),
  });
}
