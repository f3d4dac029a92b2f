import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPlaybook } from '../rig/run-playbook.ts';

/** A window title, a cleared screen, an answer-back, a link, a reversed line, and bytes that are no UTF-8. */
const nasty = String.raw`\033]0;pwned\007\033[2J\033[6n\033]8;;http://evil\033\\click\302\233\061m \342\200\256desrever \377\376\300\200 <script>alert(1)</script> \033P$q\033\\ end`;
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

test('what a host prints reaches no terminal, log or page with its control sequences', async () => {
  const ran = await runPlaybook(
    `- hosts: all
  gather_facts: false
  tasks:
    - name: {{ "nasty" }}
      shell: "printf '${nasty.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}' | tee /dev/fd/2; exit 3"
`.replace('{{ "nasty" }}', 'nasty'),
    {
      hosts: ['a'],
      args: ['-vvvv', '--diff', '--output', 'html={folder}/r.html', '--output', 'junit={folder}/r.xml'],
    },
  );
  expect(ran.exitCode).toBe(2);
  expect(ran.out).toContain('desrever');
  const written = ['r.html', 'r.xml', 'events.jsonl'].map((name) =>
    readFileSync(join(ran.folder, name), 'utf8'),
  );
  for (const text of [ran.out, ran.err, ...written]) expect(harmful.exec(text)).toBeNull();
  const [html = '', junit = '', events = ''] = written;
  for (const text of [html, junit]) expect(text).not.toContain('<script>alert(1)');
  expect(events).toContain('desrever');
  expect(events).not.toMatch(/"std(?:out|err)":"[^"]*pwned/);
});
