import { type Diagnostic, warning } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { Secret, type Text } from '../core/secret.ts';
import type { Value } from '../core/value.ts';
import { hashedPassword } from '../expression/filters/passwords.ts';
import { printed } from '../expression/print-value.ts';
import { composed } from '../expression/secrecy.ts';
import type { Plan, PlanPlay, PlanPrompt } from '../plan/plan.ts';
import type { Scope, Template } from '../template/template.ts';
import { type Layer, valueLayer } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import type { Terminal } from './terminal.ts';

/** A plan whose plays know what was answered, and what is to be said about it. */
export interface Answered {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Asks what `vars_prompt` of all plays asks, before anything connects. Extra vars answer instead; without a terminal the
 * defaults do. @throws Failure HAPB8020 where neither is there
 */
export async function answerPrompts(plan: Plan, extraVars: Layer, terminal: Terminal): Promise<Answered> {
  const plays: PlanPlay[] = [];
  const warnings: Diagnostic[] = [];
  for (const play of plan.plays) {
    const answers: Record<string, Value> = {};
    for (const prompt of play.prompts) {
      if (extraVars.entries.has(prompt.name)) continue;
      const given = valueLayer('vars_prompt', 'vars_prompt', answers);
      const scope = createScope([...play.layers, given, extraVars]);
      if (terminal.askSecret === null) {
        answers[prompt.name] = hashedAnswer(prompt, scope, unasked(prompt, scope));
        warnings.push(notAsked(prompt));
      } else {
        const answer = await ask(prompt, scope, { ...terminal, askSecret: terminal.askSecret });
        answers[prompt.name] = hashedAnswer(prompt, scope, answer);
      }
    }
    const layer = valueLayer('vars_prompt', 'vars_prompt', answers);
    plays.push(play.prompts.length === 0 ? play : { ...play, layers: [...play.layers, layer] });
  }
  return { plan: { ...plan, plays }, warnings };
}

interface Asking extends Terminal {
  readonly askSecret: NonNullable<Terminal['askSecret']>;
}

async function ask(prompt: PlanPrompt, scope: Scope, terminal: Asking): Promise<Text> {
  const question = textOf(prompt.question, scope) ?? prompt.name;
  const fallback = textOf(prompt.fallback, scope);
  const hint = fallback === null ? '' : ` [${fallback}]`;
  const text = `${question}${hint}: `;
  const echo = isYes(prompt.private, scope, true) ? 'hidden' : 'shown';
  for (;;) {
    const answer = await terminal.askSecret(text, echo);
    if (
      isYes(prompt.confirm, scope, false) &&
      (await terminal.askSecret(`confirm ${text}`, echo)) !== answer
    ) {
      terminal.writeError('***** VALUES ENTERED DO NOT MATCH ****\n');
      continue;
    }
    if (answer === '') return fallback ?? '';
    return echo === 'hidden' ? new Secret(answer, prompt.name) : answer;
  }
}

/** The answer, or with `encrypt` its hash. @throws Failure with the place of the prompt */
function hashedAnswer(prompt: PlanPrompt, scope: Scope, answer: Text): Value {
  const kind = textOf(prompt.encrypt, scope);
  if (kind === null) return answer;
  const salt = textOf(prompt.salt, scope) ?? '';
  const saltSize = Number(textOf(prompt.saltSize, scope) ?? 0);
  try {
    return composed(answer, (plain) => hashedPassword(printed(plain), { kind, salt, saltSize }));
  } catch (thrown) {
    if (thrown instanceof Failure) throw new Failure(thrown.problem, prompt.span);
    throw thrown;
  }
}

function unasked(prompt: PlanPrompt, scope: Scope): string {
  const fallback = textOf(prompt.fallback, scope);
  if (fallback !== null) return fallback;
  throw new Failure(
    {
      code: 'HAPB8020',
      message: `"${prompt.name}" cannot be asked for: there is no terminal`,
      hint: `Pass it with -e ${prompt.name}=VALUE, or give the prompt a "default".`,
    },
    prompt.span,
  );
}

function notAsked(prompt: PlanPrompt): Diagnostic {
  return warning({
    code: 'HAPB8021',
    message: `"${prompt.name}" is not asked for, since there is no terminal; its default counts`,
    span: prompt.span,
    hint: `Pass it with -e ${prompt.name}=VALUE to choose.`,
  });
}

function textOf(template: Template | null, scope: Scope): string | null {
  return template === null ? null : printed(template.render(scope));
}

function isYes(template: Template | null, scope: Scope, fallback: boolean): boolean {
  const text = textOf(template, scope);
  return text === null ? fallback : /^(true|yes|on|y|t|1)$/i.test(text);
}
