// What a tool needs before it does anything: to start, to load a project of 300 tasks, and an inventory of 5,000 hosts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { timed } from './measure.mjs';

const folder = process.env.SPEED_FOLDER ?? '';
const bin = (name) => join(process.env.SPEED_ENVIRONMENT ?? '', 'bin', name);
const env = {
  ANSIBLE_HOME: join(folder, 'ansible'),
  ANSIBLE_COLLECTIONS_PATH: join(process.env.SPEED_ENVIRONMENT ?? '', 'collections'),
  ANSIBLE_LOCALHOST_WARNING: '0',
};

const kinds = [
  (n) => `- name: Folder ${n}\n  file:\n    path: /srv/app-${n}\n    state: directory\n    mode: '0750'\n`,
  (n) =>
    `- name: Settings ${n}\n  copy:\n    dest: /srv/app-${n}/conf\n    content: "port = {{ port }}\\n"\n    mode: '0640'\n  notify: Again\n`,
  (n) =>
    `- name: Line ${n}\n  lineinfile:\n    path: /srv/settings\n    regexp: '^#?Max${n}'\n    line: Max${n} 40\n  when: port | int > 80\n`,
  (n) => `- name: Package ${n}\n  apt:\n    name: [tree, curl]\n  tags: [packages]\n`,
  (n) =>
    `- name: Look ${n}\n  command: test -s /srv/app-${n}/conf\n  register: look\n  changed_when: false\n`,
  (n) =>
    `- name: Say ${n}\n  debug:\n    msg: "{{ look.rc }} on {{ inventory_hostname }}"\n  when: look is succeeded\n`,
];

/** A playbook of ten files with thirty tasks each; gives all its files. */
function project() {
  const place = join(folder, 'project');
  mkdirSync(place, { recursive: true });
  const files = Array.from({ length: 10 }, (_, file) => join(place, `tasks-${file}.yml`));
  for (const [index, file] of files.entries()) {
    const tasks = Array.from({ length: 30 }, (_, task) => kinds[task % kinds.length](index * 30 + task));
    writeFileSync(file, tasks.join('\n'));
  }
  const site = join(place, 'site.yml');
  const imports = files.map((file) => `    - import_tasks: ${file}\n`).join('');
  writeFileSync(
    site,
    `- hosts: all\n  gather_facts: false\n  vars:\n    port: 8080\n  tasks:\n${imports}  handlers:\n    - name: Again\n      command: 'true'\n`,
  );
  return { site, files: [site, ...files] };
}

/** An inventory with some hosts in groups of a hundred. */
function inventory(count) {
  const file = join(folder, `hosts-${count}.yml`);
  const host = (number) =>
    `        h${number}:\n          ansible_host: 10.9.${number >> 8}.${number & 255}\n          rack: ${number % 40}\n`;
  const groups = Array.from({ length: count / 100 }, (_, group) => {
    const hosts = Array.from({ length: 100 }, (_, index) => host(group * 100 + index));
    return `    g${group}:\n      vars:\n        zone: ${group % 3}\n      hosts:\n${hosts.join('')}`;
  });
  writeFileSync(file, `all:\n  children:\n${groups.join('')}`);
  return file;
}

/** A program that only parses files with the yaml library, in one file as hapb is. */
function yamlAlone() {
  const outfile = join(folder, 'yaml-alone.cjs');
  const contents = `import { parseDocument } from 'yaml'; import { readFileSync } from 'node:fs';
    for (const file of process.argv.slice(2)) parseDocument(readFileSync(file, 'utf8')).toJS();`;
  buildSync({
    stdin: { contents, resolveDir: process.cwd() },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
  });
  return outfile;
}

function items() {
  const { site, files } = project();
  const node = process.execPath;
  const yaml = yamlAlone();
  const list = [
    ['start', "node -e ''", [node, '-e', '']],
    ['start', 'hapb', [node, 'dist/hapb.cjs', '--version']],
    ['start', 'ansible-core', [bin('ansible-playbook'), '--version']],
    ['start', 'pyinfra', [bin('pyinfra'), '--version']],
    ['300 tasks', 'yaml library alone', [node, yaml, ...files]],
    ['300 tasks', 'hapb', [node, 'dist/hapb.cjs', 'run', site, '-i', 'h1,', '--syntax-check']],
    ['300 tasks', 'ansible-core', [bin('ansible-playbook'), site, '-i', 'h1,', '--syntax-check']],
  ];
  for (const count of [2500, 5000]) {
    const hosts = inventory(count);
    list.push(
      [`${count} hosts`, 'yaml library alone', [node, yaml, hosts]],
      [`${count} hosts`, 'hapb', [node, 'dist/hapb.cjs', 'run', site, '-i', hosts, '--list-hosts']],
      [`${count} hosts`, 'ansible-core', [bin('ansible-playbook'), site, '-i', hosts, '--list-hosts']],
    );
  }
  return list;
}

/** Rows with what each start and load took, interleaved. */
export async function startUp({ rounds }) {
  const list = items();
  const rows = list.map(([step, tool]) => ({
    part: 'i',
    work: 'start-up',
    step,
    tool,
    hosts: 0,
    kind: 'none',
    wall: [],
    cpu: [],
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, , words]] of list.entries()) {
      const took = await timed({ words, env });
      rows[index].wall.push(took.wall);
      rows[index].cpu.push(took.cpu);
    }
  }
  for (const { step, tool, wall } of rows)
    console.log(`i ${step}: ${tool}: ${wall.map((value) => value.toFixed(2)).join(', ')} s`);
  return rows;
}
