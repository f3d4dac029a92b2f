import type { AnyModule } from '../module.ts';
import { addHost } from './add-host.ts';
import { apt } from './apt-module.ts';
import { archive } from './archive.ts';
import { assemble } from './assemble.ts';
import { assert } from './assert.ts';
import { asyncStatus } from './async-status.ts';
import { blockinfile } from './blockinfile.ts';
import { command } from './command.ts';
import { copyFile } from './copy-file.ts';
import { debug } from './debug.ts';
import { facts } from './facts.ts';
import { fail } from './fail.ts';
import { fetchModule } from './fetch.ts';
import { file } from './file.ts';
import { find } from './find.ts';
import { getUrl } from './get-url.ts';
import { git } from './git.ts';
import { groupBy } from './group-by.ts';
import { hostsEntry } from './hosts-entry.ts';
import { includeRole } from './include-role.ts';
import { includeTasks } from './include-tasks.ts';
import { includeVars } from './include-vars.ts';
import { iniFile } from './ini-file.ts';
import { lineinfile } from './lineinfile.ts';
import { meta } from './meta.ts';
import { modprobe } from './modprobe.ts';
import { packageModule } from './package.ts';
import { packageRepo } from './package-repo.ts';
import { pause } from './pause.ts';
import { ping } from './ping.ts';
import { raw } from './raw.ts';
import { reboot } from './reboot.ts';
import { replace } from './replace.ts';
import { script } from './script.ts';
import { setFact } from './set-fact.ts';
import { shell } from './shell.ts';
import { slurp } from './slurp.ts';
import { stat } from './stat.ts';
import { swapoff } from './swapoff.ts';
import { sysctl } from './sysctl.ts';
import { systemdService } from './systemd-service.ts';
import { tempfile } from './tempfile.ts';
import { template } from './template.ts';
import { unarchive } from './unarchive.ts';
import { uri } from './uri.ts';
import { validate } from './validate.ts';
import { validateArgumentSpec } from './validate-argument-spec.ts';
import { waitFor } from './wait-for.ts';
import { waitForConnection } from './wait-for-connection.ts';

/** The modules that have nothing to do with Kubernetes. */
export const generalModules: readonly AnyModule[] = [
  addHost,
  apt,
  archive,
  assemble,
  assert,
  asyncStatus,
  command,
  copyFile,
  debug,
  facts,
  fail,
  file,
  hostsEntry,
  includeRole,
  includeTasks,
  includeVars,
  meta,
  modprobe,
  packageModule,
  packageRepo,
  pause,
  ping,
  setFact,
  shell,
  swapoff,
  sysctl,
  systemdService,
  template,
  validate,
  validateArgumentSpec,
  waitFor,
  waitForConnection,
  blockinfile,
  fetchModule,
  iniFile,
  lineinfile,
  reboot,
  slurp,
  stat,
  find,
  replace,
  tempfile,
  getUrl,
  uri,
  script,
  raw,
  unarchive,
  git,
  groupBy,
];
