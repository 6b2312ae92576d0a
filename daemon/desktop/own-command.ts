// The program itself, for buttons of windows that run one of its commands.

import { dirname, extname, join } from 'node:path';

/** `chaperoned` with `args`, as a list. */
export function ownCommand(...args: readonly string[]): string[] {
  const here = import.meta.filename;
  return [process.execPath, join(dirname(here), '..', `main${extname(here)}`), ...args];
}

/** The same as one line for programs that read it as a shell would. */
export function commandLine(command: readonly string[]): string {
  return command.map((word) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
