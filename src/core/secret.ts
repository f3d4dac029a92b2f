import { inspect } from 'node:util';

const texts = new WeakMap<Secret, string>();
const known = new Map<string, string>();

/**
 * A text that must never show. It prints, serialises and inspects as `‹label›`; its content is reached only through
 * `reveal` (core/reveal.ts). Every secret made in this process is redacted by the sink that all events pass.
 */
export class Secret {
  readonly label: string;

  constructor(text: string, label: string) {
    this.label = label;
    texts.set(this, text);
    // Shorter texts would redact ordinary words all over the output.
    if (text.length >= 4) known.set(text, label);
  }

  toString(): string {
    return `‹${this.label}›`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The content, for core/reveal.ts alone. */
export function textOfSecret(secret: Secret): string {
  return texts.get(secret) ?? '';
}

/** Every secret text made so far with its label, for the redacting sink. */
export function knownSecrets(): ReadonlyMap<string, string> {
  return known;
}

/** A text that may be secret. */
export type Text = string | Secret;
