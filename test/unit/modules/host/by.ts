import { fileSpan } from '../../../../src/core/source.ts';
import { type Cause, causeOf } from '../../../../src/modules/host/cause.ts';

/** A task in the first line of site.yml as a cause. */
export function by(title: string): Cause {
  return causeOf({ title, span: fileSpan('site.yml') });
}
