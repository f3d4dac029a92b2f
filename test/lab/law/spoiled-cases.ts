import type { LawCase } from './law-case.ts';
import type { StartState } from './start-states.ts';

/** A task that makes a file of its case's folder, or of the node. */
interface Work {
  readonly module: string;
  readonly setup?: string;
  readonly args: unknown;
  /** The file. */
  readonly path: string;
}

type Spoiling = Omit<LawCase, 'module' | 'args' | 'setup'> & { readonly start: StartState };

const of = ({ module, setup, args }: Work, spoiling: Spoiling): LawCase => ({
  module,
  args,
  ...(setup === undefined ? {} : { setup }),
  ...spoiling,
});
const kept = (work: Work): LawCase =>
  of(work, { state: 'done before', start: 'as asked', spoil: ':', does: 'nothing' });
const wrongMode = (work: Work): LawCase =>
  of(work, {
    state: 'done, then its mode changed',
    start: 'wrong mode',
    spoil: `chmod 602 ${work.path}`,
    does: 'change',
  });
const wrongOwner = (work: Work): LawCase =>
  of(work, {
    state: 'done, then its owner changed',
    start: 'wrong owner',
    spoil: `chown nobody:nogroup ${work.path}`,
    does: 'change',
  });
const linked = (work: Work, does: LawCase['does']): LawCase =>
  of(work, {
    state: 'done, then moved behind a link',
    start: 'link in place',
    spoil: `mv ${work.path} there && ln -s "$PWD/there" ${work.path}`,
    does,
  });
const linkedToOther = (work: Work, text: string): LawCase =>
  of(work, {
    state: 'done, then a link to another file',
    start: 'link in place',
    spoil: `printf '${text}' > there && rm ${work.path} && ln -s "$PWD/there" ${work.path}`,
    does: 'change',
  });
const folder = (work: Work, does: LawCase['does']): LawCase =>
  of(work, {
    state: 'done, then a folder in its place',
    start: 'foreign',
    spoil: `rm ${work.path} && mkdir ${work.path}`,
    does,
  });
const cutOff = (work: Work, text: string): LawCase =>
  of(work, {
    state: 'half of it, and what a killed run leaves',
    start: 'half done',
    spoil: `printf '${text}' | tee .hapb.AbCdEf > ${work.path}`,
    does: 'change',
  });

const admins = { mode: '0640', owner: 'admin', group: 'admin' };
const template: Work = {
  module: 'template',
  args: { src: 'law.hbs', dest: 'DIR/it', ...admins },
  path: 'it',
};
const copy: Work = {
  module: 'copy_file',
  args: { dest: 'DIR/it', content: 'one\ntwo\n', ...admins },
  path: 'it',
};
const assemble: Work = {
  module: 'assemble',
  setup: 'mkdir parts && echo one > parts/1 && echo two > parts/2',
  args: { src: 'DIR/parts', dest: 'DIR/it', ...admins },
  path: 'it',
};
const get: Work = {
  module: 'get_url',
  args: { url: '{{ kube_package_repo_key }}', dest: 'DIR/it', ...admins },
  path: 'it',
};
const line: Work = {
  module: 'lineinfile',
  args: { path: 'DIR/it', line: 'Port 22', create: true, ...admins },
  path: 'it',
};
const block: Work = {
  module: 'blockinfile',
  args: { path: 'DIR/it', block: 'one\ntwo', create: true, ...admins },
  path: 'it',
};
const replace: Work = {
  module: 'replace',
  setup: 'echo a=1 > it',
  args: { path: 'DIR/it', regexp: '^a=1$', replace: 'a=2', ...admins },
  path: 'it',
};
const ini: Work = {
  module: 'ini_file',
  args: { path: 'DIR/it', section: 'a', option: 'x', value: '1', ...admins },
  path: 'it',
};
const hosts: Work = {
  module: 'hosts_entry',
  setup: 'echo 127.0.0.1 localhost > it',
  args: { path: 'DIR/it', name: 'api.lab', ip: '10.9.8.7' },
  path: 'it',
};
const known: Work = {
  module: 'known_hosts',
  args: {
    name: 'law.lab',
    key: 'law.lab ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP2+Kl1jA+95uLZTLC/koSirFK4eAR5m23y/0LCTL/WI',
    path: 'DIR/it',
  },
  path: 'it',
};
const pack: Work = {
  module: 'archive',
  setup: 'mkdir app && echo one > app/one',
  args: { path: 'DIR/app', dest: 'DIR/it', ...admins },
  path: 'it',
};
const unpack: Work = {
  module: 'unarchive',
  setup: 'mkdir app to && echo one > app/one && tar -czf app.tgz app',
  args: { src: 'DIR/app.tgz', dest: 'DIR/to', remote_src: true, owner: 'admin', group: 'admin' },
  path: 'to/app/one',
};
const clone: Work = {
  module: 'git',
  setup: `git init -q -b main repo && cd repo && git config user.name x && git config user.email x@x
echo one > file && git add file && git commit -qm one && cd ..`,
  args: { repo: 'DIR/repo', dest: 'DIR/it' },
  path: 'it',
};
const download: Work = {
  module: 'uri',
  args: { url: '{{ kube_package_repo_key }}', dest: 'DIR/it' },
  path: 'it',
};

/** Start states of files that a task has made, and that were changed since. */
export const spoiledFileCases: readonly LawCase[] = [
  cutOff(copy, 'one\\n'),
  wrongOwner(template),
  linked(template, 'change'),
  folder(template, 'change'),
  {
    module: 'template',
    state: 'no folder to put it into',
    args: { src: 'law.hbs', dest: 'DIR/none/it' },
    does: 'failure',
  },
  kept(assemble),
  wrongMode(assemble),
  wrongOwner(assemble),
  linked(assemble, 'change'),
  folder(assemble, 'failure'),
  cutOff(assemble, 'one\\n'),
  wrongOwner(get),
  linked(get, 'nothing'),
  folder(get, 'change'),
  wrongOwner(line),
  folder(line, 'failure'),
  kept(block),
  wrongMode(block),
  wrongOwner(block),
  linkedToOther(block, 'first\\n'),
  folder(block, 'failure'),
  of(block, {
    state: 'done, then its end is gone',
    start: 'half done',
    spoil: 'sed -i "/END/d" it',
    does: 'change',
  }),
  wrongMode(replace),
  wrongOwner(replace),
  linkedToOther(replace, 'a=1\\n'),
  folder(replace, 'failure'),
  wrongOwner(ini),
  linkedToOther(ini, '[b]\\ny = 1\\n'),
  folder(ini, 'failure'),
  linkedToOther(hosts, '10.9.8.6 api.lab\\n'),
  of(hosts, {
    state: 'done, then a folder in its place',
    start: 'refused',
    spoil: 'rm it && mkdir it',
    does: 'failure',
  }),
  linkedToOther(known, 'law.lab ssh-ed25519 AAAA\\n'),
  wrongMode(pack),
  wrongOwner(pack),
  folder(pack, 'failure'),
  wrongOwner(unpack),
  of(unpack, {
    state: 'done, then a link in the place of a file',
    start: 'link in place',
    spoil: 'ln -sf /etc/hostname to/app/one',
    does: 'change',
  }),
  folder(unpack, 'change'),
  of(unpack, {
    state: 'done, then a full folder in the place of a file',
    start: 'foreign',
    spoil: 'rm to/app/one && mkdir to/app/one && touch to/app/one/mine',
    does: 'failure',
  }),
  of(clone, {
    state: 'done, then moved behind a link',
    start: 'link in place',
    spoil: 'mv it there && ln -s there it',
    does: 'nothing',
  }),
  of(clone, {
    state: 'another folder in its place',
    start: 'foreign',
    spoil: 'rm -r it && mkdir it && echo mine > it/mine',
    does: 'failure',
  }),
  of(clone, {
    state: 'a repository without commits',
    start: 'half done',
    spoil: 'rm -r it && git init -q it && git -C it remote add origin "file://$PWD/repo"',
    does: 'change',
  }),
  of(download, {
    state: 'done, then other content',
    start: 'other content',
    spoil: 'echo mine > it && touch -d 2001-01-01 it',
    does: 'change',
  }),
];

const containerd: Work = {
  module: 'containerd_config',
  args: { path: 'DIR/config.toml', registry_dir: 'DIR/certs.d', restart: false },
  path: 'config.toml',
};
const kubeVip: Work = {
  module: 'kube_vip_manifest',
  args: { vip: '{{ vip }}', generator: 'builtin', dest: 'DIR/it' },
  path: 'it',
};

/** The same for files that Kubernetes reads. */
export const spoiledKubernetesCases: readonly LawCase[] = [
  kept(containerd),
  wrongMode(containerd),
  linked(containerd, 'change'),
  kept(kubeVip),
  wrongMode(kubeVip),
  linked(kubeVip, 'change'),
  folder(kubeVip, 'failure'),
];
