import { Secret, type Text, textOfSecret } from './secret.ts';

/** The one way to a secret's content. Which layers may import this file is held by dependency-cruiser. */
export function reveal(text: Text): string {
  return text instanceof Secret ? textOfSecret(text) : text;
}
