// Questions to the technician at the terminal, asked on standard error so that standard output stays clean.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Whether somebody is there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Does not show what is typed. @default false */
  readonly hidden?: boolean;
}

/** The answer without spaces around it; null when the person gives up (Ctrl-C, Ctrl-D). */
export async function ask(question: string, { signal, hidden = false }: AskOptions): Promise<string | null> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  const given = Promise.withResolvers<string | null>();
  const giveUp = (): void => given.resolve(null);
  lines.on('SIGINT', giveUp);
  lines.on('close', giveUp);
  signal.addEventListener('abort', giveUp, { once: true });
  if (hidden) {
    process.stderr.write(question);
  }
  try {
    lines.question(hidden ? '' : question, { signal }).then(given.resolve, giveUp);
    const answer = await given.promise;
    return answer === null ? null : answer.trim();
  } finally {
    signal.removeEventListener('abort', giveUp);
    lines.close();
    if (hidden || signal.aborted) {
      process.stderr.write('\n');
    }
  }
}

/** Asks again until the answer is `yes` or `no`; anything else would be a guess. */
export async function askYesNo(question: string, options: AskOptions): Promise<boolean> {
  for (;;) {
    const answer = await ask(`${question} (yes/no) `, options);
    if (answer === null || /^no?$/i.test(answer)) {
      return false;
    }
    if (/^yes$/i.test(answer)) {
      return true;
    }
  }
}
