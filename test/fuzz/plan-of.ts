import { findModule, moduleNames } from '../../src/modules/registry.ts';
import { buildPlan } from '../../src/plan/build.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { openProject } from '../../src/playbook/project.ts';
import { plainTools } from '../../src/variables/vars-file.ts';
import { oneFile } from './one-file.ts';

/** The plays of a playbook's text, and the plan that can be made of them. */
export function planOf(
  file: string,
  text: string,
): {
  readonly plays: ReturnType<typeof loadPlaybook>;
  readonly plan: ReturnType<typeof buildPlan>;
} {
  const context = { modules: moduleNames, disk: oneFile(file, text) };
  const plays = loadPlaybook(file, context);
  const plan = buildPlan(plays.ok ? plays.value : plays.partial, {
    project: openProject(context),
    findModule,
    tags: { only: [], skip: [] },
    tools: plainTools,
    rolesPath: [],
    extraVars: null,
  });
  return { plays, plan };
}
