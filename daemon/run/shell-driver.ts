// For tests: types at a shell and waits for what it prints, without a sleep.

import type { ShellProcess } from './shell.ts';

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
        check = () => {
          const match = pattern.exec(output.slice(seen));
          if (match === null) return;
          seen += match.index + match[0].length;
          check = () => {};
          resolve(output.slice(0, seen));
        };
        check();
        void shell.exited.then(() => reject(new Error(`ended before ${pattern}: ${JSON.stringify(output)}`)));
      }),
  };
}
