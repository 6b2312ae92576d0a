// A shell without a terminal of ours: lines from standard input go in, safe text comes out.

import type { LiveSession } from '../connection/live-session.ts';
import { actOn, TypedLines } from './escapes.ts';
import type { Interruption } from './interruption.ts';
import { printEvent } from './output.ts';
import { PlainText } from './plain-text.ts';

const SIZE = { cols: 120, rows: 40 } as const; // wide enough that few programs break their lines
const TERM = 'dumb'; // programs that look at it leave colours and cursor movements out
const INTERRUPT = Buffer.from('\x03'); // what a terminal sends for Ctrl-C
const END_OF_INPUT = Buffer.from('\x04'); // what a terminal sends for Ctrl-D
// A terminal gives it to whoever reads at that moment, and a shell between two commands does not: so it is sent again.
const END_AGAIN_MS = 500;

export interface ShellEnd {
  /** How it went, in words; empty when there is nothing to say. */
  readonly words: string;
  /** Whether the machine took it away: the session is over, or its permission is. */
  readonly cut: boolean;
}

/** Resolves when the shell is gone. An interruption closes it; at a terminal, Ctrl-C goes to what runs in it. */
export async function runLineShell(session: LiveSession, json: boolean, interruption: Interruption): Promise<ShellEnd> {
  const { signal } = interruption;
  using shell = await session.openShell(SIZE, TERM);
  const resume = (): void => shell.resume();
  process.stdout.on('drain', resume);
  using text = new PlainText((piece) => {
    if (json) {
      printEvent({ event: 'output', text: piece });
    } else if (!process.stdout.write(piece)) {
      shell.pause();
    }
  });
  shell.onOutput((chunk) => text.push(chunk));

  const atTerminal = process.stdin.isTTY === true && !json;
  using _key = atTerminal ? interruption.divert(() => shell.write(INTERRUPT)) : null;
  const lines = new TypedLines();
  const typed = (chunk: Buffer): void => {
    if (!atTerminal) {
      shell.write(chunk);
      return;
    }
    lines.take(
      chunk,
      (act) => actOn(act, session),
      (bytes, shown) => {
        if (shown !== null) text.typed(shown);
        shell.write(bytes);
      },
    );
  };
  let ending: NodeJS.Timeout | undefined;
  const noMore = (): void => {
    shell.write(END_OF_INPUT);
    ending = setInterval(() => shell.write(END_OF_INPUT), END_AGAIN_MS);
  };
  process.stdin.on('data', typed);
  process.stdin.on('end', noMore);
  process.stdin.resume(); // a question that was answered before has paused it
  const close = (): void => shell[Symbol.dispose]();
  signal.addEventListener('abort', close, { once: true });
  try {
    const words = await shell.closed;
    return { words, cut: shell.cut };
  } finally {
    clearInterval(ending);
    signal.removeEventListener('abort', close);
    process.stdout.off('drain', resume);
    process.stdin.off('data', typed);
    process.stdin.off('end', noMore);
    process.stdin.pause();
    process.stdin.unref?.();
  }
}
