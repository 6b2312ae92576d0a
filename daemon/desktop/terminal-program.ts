// The terminal program of the person's desktop, in which `chaperoned watch` shows what a technician does.

import { ownCommand } from './own-command.ts';

/** Programs by preference, with what stands before the command that they run. */
const TERMINALS: readonly (readonly [program: string, ...before: string[]])[] = [
  ['x-terminal-emulator', '-T', 'Chaperone', '-e'],
  ['xfce4-terminal', '-x'],
  ['gnome-terminal', '--'],
  ['konsole', '-e'],
  ['xterm', '-T', 'Chaperone', '-e'],
];

/** `chaperoned <args>` in a terminal window, or null when there is no terminal program. */
export function inTerminal(find: (program: string) => string | undefined, ...args: string[]): string[] | null {
  for (const [program, ...before] of TERMINALS) {
    const path = find(program);
    if (path !== undefined) return [path, ...before, ...ownCommand(...args)];
  }
  return null;
}
