// Tells the demonstration on standard output: numbered steps, sentences, and screens as they were, as plain text.

import { cellWidth } from '../../protocol/terminal/sgr.ts';
import type { NotAsPromised } from './failure.ts';

const WIDTH = 100; // columns of a heading; a dashboard's screen is as wide
const ROWS_SHOWN = 34; // of one screen or of what a command printed

export class Narrator {
  #step = 0;

  /** Begins the next step. */
  step(title: string): void {
    this.#step += 1;
    const head = `── ${this.#step}. ${title} `;
    print(['', head + '─'.repeat(Math.max(3, WIDTH - cellWidth(head)))]);
  }

  say(...sentences: readonly string[]): void {
    print(sentences.map((sentence) => `  ${sentence}`));
  }

  /** Rows of a screen below the words that say whose it is. */
  screen(whose: string, rows: readonly string[]): void {
    print([`  ┌ ${whose}`, ...clipped(rows).map((row) => `  │ ${row}`.trimEnd()), '  └']);
  }

  /** A command and what it printed. */
  command(command: string, output: string): void {
    print([`  $ ${command}`, ...clipped(output.split('\n')).map((row) => `    ${row}`.trimEnd())]);
  }

  /** The last line. @param ms how long all of it took */
  done(ms: number): void {
    print(['', `All of it was as promised, in ${(ms / 1000).toFixed(1)} seconds.`]);
  }

  /** What was awaited and what there was instead, on standard error. */
  failed({ message, seen }: NotAsPromised): void {
    const rows = clipped(seen.split('\n')).map((row) => `  │ ${row}`.trimEnd());
    process.stderr.write(`${['', `NOT AS PROMISED: ${message}`, '  There was instead:', ...rows, ''].join('\n')}\n`);
  }
}

/** Blank rows at the end go, several in a row become one. */
function clipped(rows: readonly string[]): string[] {
  const trimmed = rows.map((row) => row.trimEnd());
  const kept = trimmed.filter((row, index) => row !== '' || (index > 0 && trimmed[index - 1] !== ''));
  while (kept.at(-1) === '') kept.pop();
  return kept.length <= ROWS_SHOWN ? kept : [...kept.slice(0, ROWS_SHOWN), `… ${kept.length - ROWS_SHOWN} more rows`];
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
