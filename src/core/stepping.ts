/** What a person says to a task: it runs, no host runs it, or it and all that follow run. */
export type StepAnswer = 'run' | 'skip' | 'all';

/** Asks whether a task shall run, called `TASK: …` or `HANDLER: …`. `host`: only there; `null`: on all hosts of a play that go in step. */
export type AskStep = (title: string, host: string | null) => Promise<StepAnswer>;

/** A task that may be asked about. */
export interface AskedTask {
  readonly node: string;
  readonly title: string;
  readonly host: string | null;
}

/** `--step`: gives whether a task runs, asked for once and one question after the other. */
export function createStepping(ask: AskStep): (task: AskedTask) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  let last: Promise<unknown> = Promise.resolve();
  let all = false;
  return ({ node, title, host }) => {
    const key = `${node} ${host ?? ''}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = last.then(async () => {
      const said = all ? 'run' : await ask(title, host);
      all ||= said === 'all';
      return said !== 'skip';
    });
    answers.set(key, answer);
    last = answer.catch(() => null);
    return answer;
  };
}
