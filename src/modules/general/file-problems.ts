import { Failure } from '../../core/failure.ts';
import type { FileState } from '../asks/file-state.ts';
import type { FileArgs } from './path-change.ts';

/** A kind with its article. */
export function describeKind(state: FileState): string {
  return state.kind === 'file'
    ? 'a file'
    : state.kind === 'other'
      ? 'a device, pipe or socket'
      : `a ${state.kind}`;
}

/** Something else is in the way. */
export function wrongKind(path: string, found: string, wanted: string): Failure {
  return new Failure({
    code: 'HAPB6020',
    message: `${path} is ${found}, so it cannot become ${wanted === 'touch' ? 'file' : wanted}`,
    hint: 'Remove it first with `state: absent`, or give another path.',
    argument: 'path',
  });
}

/** Nothing is there whose permissions could be set. */
export function missing(path: string): Failure {
  return new Failure({
    code: 'HAPB6021',
    message: `${path} does not exist`,
    hint: 'Make it with `state: directory` or `state: touch`, or with `copy_file`; `state: file` only sets permissions.',
    argument: 'path',
    output: { path, state: 'absent' },
  });
}

/** A link to nowhere is wished. */
export function needsSource(args: FileArgs, kind: string): Failure {
  return new Failure({
    code: 'HAPB6006',
    message: `state: ${kind} needs src: what is ${args.path} to lead to?`,
    hint: 'Add `src:`.',
    argument: 'state',
  });
}

/** What a link is to lead to is not there. */
export function noSource(target: string, path: string): Failure {
  return new Failure({
    code: 'HAPB6022',
    message: `${path} cannot lead to ${target}: there is nothing`,
    hint: 'Correct `src`, make the target first, or add `force: true` for a link that leads nowhere for now.',
    argument: 'src',
    output: { dest: path, src: target },
  });
}
