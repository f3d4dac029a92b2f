import { Failure } from '../../core/failure.ts';

/** An argument of Ansible's that would have another effect here than the playbook expects. */
export function refused(argument: string, why: string, hint: string): Failure {
  return new Failure({
    code: 'HAPB6007',
    message: `"${argument}" is not supported: ${why}`,
    hint,
    argument,
  });
}
