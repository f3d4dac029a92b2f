import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GuardedRegistry, guardedRegistry } from './rig/guarded-registry.ts';
import { hapb, labInventory, outcomes } from './rig/hapb.ts';
import { lab, onNode } from './rig/lab.ts';

const password = 'a:pass-word that must not show $HOME\'"';
const user = `robot:${password}`;

/** Collects every command line and environment of the node until /run/enough is there. */
const sampler = `rm -f /run/enough
echo sampling
while [ ! -e /run/enough ]; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' ' >>/run/seen; done
cat /run/seen
rm -f /run/seen /run/enough`;

describe('a pull with a login', () => {
  const registries: GuardedRegistry[] = [];
  let folder = '';
  let inventory = '';

  beforeAll(async () => {
    await lab('up', '1');
    await onNode(
      'cp1',
      'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends containerd',
    );
    ({ folder, inventory } = await labInventory());
    const behind = /ghcr\.io: (\S+)/.exec(await lab('inventory'))?.[1] ?? '';
    const address = new URL(behind).hostname;
    for (const challenge of ['basic', 'bearer'] as const)
      registries.push(await guardedRegistry({ address, behind, user, challenge }));
  });
  afterAll(async () => {
    for (const registry of registries) await registry.close();
    await lab('down');
  });

  function playbook(name: string, login: string): string {
    const path = join(folder, `${name}.yml`);
    const tasks = registries.map((registry, index) => ({
      name: `${index}`,
      ctr_pull: { image: `${registry.name}/kube-vip/kube-vip:v1.1.2`, plain_http: true, user: login },
      ignore_errors: true,
    }));
    writeFileSync(path, JSON.stringify([{ hosts: 'cp1', gather_facts: false, become: true, tasks }]));
    return path;
  }

  it('is refused with another password, and says so', async () => {
    const run = await hapb('run', playbook('wrong', 'robot:another-word'), '-i', inventory);
    expect([...outcomes(run).values()]).toEqual(['failed', 'failed']);
    expect(run.out.match(/HAPB6562: .*the registry refused the login/g)).toHaveLength(2);
    expect(run.out).not.toContain('another-word');
  });

  it('works for a registry that wants the password and for one that wants a token, and shows it nowhere', async () => {
    const sampled = onNode('cp1', sampler);
    const run = await hapb('run', playbook('right', user), '-i', inventory, '--diff', '-vvv');
    await onNode('cp1', 'touch /run/enough');
    const seen = await sampled;
    expect([...outcomes(run).values()]).toEqual(['changed', 'changed']);
    for (const registry of registries)
      expect(registry.seen).toContain(`Basic ${Buffer.from(user).toString('base64')}`);
    expect(seen).toContain('images pull --user robot');
    const encoded = Buffer.from(user).toString('base64');
    for (const word of ['pass-word that must not show', encoded]) {
      expect(seen).not.toContain(word);
      expect(run.out + run.err + JSON.stringify(run.events)).not.toContain(word);
    }
    const files = await onNode(
      'cp1',
      `grep -rlF 'ass-word that must not show' /etc /root /home /run /tmp /var/log || true`,
    );
    expect(files.split('\n').filter((path) => path !== '')).toEqual([]);
  });

  it('is not made again when the image is there', async () => {
    const run = await hapb('run', playbook('again', user), '-i', inventory);
    expect([...outcomes(run).values()]).toEqual(['ok', 'ok']);
  });
});
