// `chaperone suggest`: one command that the person at the machine approves, changes or refuses; its output here.

import type { ProposalResult } from '../../protocol/control/messages.ts';
import { EXIT, type ExitCode, UsageError } from '../../protocol/errors.ts';
import type { LiveSession } from '../connection/live-session.ts';
import { connectForTask } from './connect-for-task.ts';
import { Interruption } from './interruption.ts';
import { printEvent, say } from './output.ts';
import { leaveSession } from './plain-session.ts';
import type { RequestOptions } from './request-options.ts';

const SCOPES = ['shell.suggest'] as const;

export interface SuggestCommandOptions extends RequestOptions {
  readonly purpose?: string;
}

export async function suggest(machine: string, words: readonly string[], options: SuggestCommandOptions) {
  const command = words.length === 1 ? (words[0] ?? '') : words.map(quoted).join(' ');
  if (command.trim() === '') {
    throw new UsageError('there is no command', 'chaperone suggest MACHINE -- systemctl status cups');
  }
  using interruption = new Interruption();
  const { session, reason } = await connectForTask(machine, options, SCOPES, interruption.signal);
  let outcome: ExitCode = EXIT.failure;
  try {
    outcome = await runOne(session, command, options.purpose ?? reason, options, interruption.signal);
  } finally {
    const left = await leaveSession(session, options.json === true, '', { finished: !interruption.signal.aborted });
    process.exitCode = outcome === EXIT.ok ? left : outcome;
  }
}

async function runOne(
  session: LiveSession,
  command: string,
  purpose: string,
  { json = false }: SuggestCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const end = await session.suggest(command, purpose, {
    signal,
    onState: (state) => {
      if (json) printEvent({ event: 'suggestion', ...state });
      else say(state.state === 'running' ? `running: ${state.command}` : state.message);
    },
    onOutput: (stream, text) => {
      if (json) printEvent({ event: 'output', stream, text });
      else (stream === 'stdout' ? process.stdout : process.stderr).write(text);
    },
  });
  if (json) {
    printEvent({ event: 'end', ...end });
  } else if (end.outcome !== 'done' || end.exitCode !== 0) {
    say(`${end.outcome}: ${end.message}`);
  }
  return codeFor(end);
}

function codeFor({ outcome, exitCode }: ProposalResult): ExitCode {
  if (outcome === 'done') {
    return exitCode === 0 ? EXIT.ok : EXIT.failure;
  }
  return outcome === 'declined' || outcome === 'expired' || outcome === 'nobody' ? EXIT.denied : EXIT.failure;
}

/** Words that a shell here has taken apart, put together so that they are taken apart in the same way there. */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) {
    return word;
  }
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}
