// For tests: types at a shell and waits for what it prints, without a sleep.

import type { ShellProcess } from './shell.ts';

const PATIENCE_MS = 30_000;

export interface Driver {
  /** Resolves with the output so far when it matches; looks only at what came after the last match. */
  until(pattern: RegExp): Promise<string>;
  type(text: string): void;
  /** All output. */
  text(): string;
}

export function drive(shell: ShellProcess): Driver {
  let output = '';
  let seen = 0;
  let check = () => {};
  shell.onOutput((chunk) => {
    output += chunk.toString('latin1');
    check();
  });
  return {
    type: (text) => void shell.write(Buffer.from(text)),
    text: () => output,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const giveUp = (why: string) => reject(new Error(`${why} ${pattern}: ${JSON.stringify(output)}`));
        const patience = setTimeout(giveUp, PATIENCE_MS, 'waited in vain for').unref();
        check = () => {
          const match = pattern.exec(output.slice(seen));
          if (match === null) return;
          clearTimeout(patience);
          seen += match.index + match[0].length;
          check = () => {};
          resolve(output.slice(0, seen));
        };
        check();
        void shell.exited.then(() => giveUp('ended before'));
      }),
  };
}
