import { reveal } from '../core/reveal.ts';
import type { BecomeCommand } from './become-command.ts';
import { type BecomeEvidence, becomeProblem } from './become-problem.ts';
import type { ByteChannel } from './channel.ts';
import type { BecomeSettings } from './connection.ts';
import { deferred } from './deferred.ts';
import type { ConnectionSettings } from './settings.ts';

const keptChars = 8_192;

/**
 * Leads a become channel to the point where its shell reads: answers the prompt once, if it comes, and waits for the
 * shell's announcement. The password is never written unless it was asked for. @throws ConnectionError `become`
 */
export async function becomeDialogue(
  channel: ByteChannel,
  { dialogue }: BecomeCommand,
  {
    settings,
    become,
    deadlineMs,
  }: {
    readonly settings: ConnectionSettings;
    readonly become: BecomeSettings;
    readonly deadlineMs: number;
  },
): Promise<void> {
  if (dialogue.kind === 'none') return;
  const outcome = deferred<null>();
  const seen = { stdout: '', stderr: '', prompts: 0 };
  const fail = (exitCode: number | null): void => {
    const evidence: BecomeEvidence = { ...seen, exitCode };
    outcome.reject(becomeProblem(settings, become, evidence));
  };
  let sincePrompt = '';
  const onStderr = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    seen.stderr = (seen.stderr + text).slice(-keptChars);
    sincePrompt = (sincePrompt + text).slice(-keptChars);
    if (!dialogue.prompt.test(sincePrompt)) return;
    sincePrompt = '';
    seen.prompts += 1;
    // A second prompt means that the answer was wrong; more tries could lock the account.
    if (seen.prompts > 1 || become.password === null) fail(null);
    else channel.stdin.write(`${reveal(become.password)}\n`);
  };
  const onStdout = (chunk: Buffer): void => {
    seen.stdout = (seen.stdout + chunk.toString('utf8')).slice(-keptChars);
    if (seen.stdout.includes(dialogue.started)) outcome.resolve(null);
  };
  channel.stderr.on('data', onStderr);
  channel.stdout.on('data', onStdout);
  void channel.ended.then(({ exitCode }) => fail(exitCode));
  const timer = setTimeout(() => fail(null), deadlineMs);
  try {
    await outcome.promise;
  } catch (error) {
    channel.close(null);
    throw error;
  } finally {
    clearTimeout(timer);
    channel.stderr.off('data', onStderr);
    channel.stdout.off('data', onStdout);
  }
}
