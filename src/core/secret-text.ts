import { reveal } from './reveal.ts';
import { Secret, type Text } from './secret.ts';

/** One secret text made of several, for layers that may not look into them. */
export function combined(parts: readonly Text[], label: string): Secret {
  return new Secret(parts.map(reveal).join(''), label);
}

/** Whether a text that may be secret has a form, such as that of a token. Tells nothing else of it. */
export function isLike(text: Text, form: RegExp): boolean {
  return form.test(reveal(text));
}
