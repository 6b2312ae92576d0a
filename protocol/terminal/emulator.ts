// Builds the terminal emulator that stands between a remote shell and the reader's terminal, with its weak spots closed.

import type { Terminal } from '@xterm/headless';
import xterm from '@xterm/headless';
import { measureByGrapheme } from './graphemes.ts';

/** xterm.js does one step per count for these, however large: ten bytes would stop the program for minutes. */
const COUNTED_IN_ROWS = ['L', 'M', 'S', 'T'] as const; // insert and delete lines, scroll up and down
const COUNTED_IN_COLS = ['I', 'Z'] as const; // tab forward and back
const REPEAT = 'b'; // reserves memory for all repetitions at once

/** Titles, colours, hyperlinks (which xterm.js keeps a table of): taken and forgotten. */
const FORGOTTEN_OSC = [0, 1, 2, 4, 8, 10, 11, 12, 52, 104, 110, 111, 112] as const;

export interface EmulatorOptions {
  readonly cols: number;
  readonly rows: number;
  readonly scrollback: number;
}

/** No window operations, no titles, no clipboard, no links; counts beyond the screen are ignored. */
export function createEmulator(options: EmulatorOptions): Terminal {
  const terminal = new xterm.Terminal({
    ...options,
    allowProposedApi: true, // buffer and unicode are still marked so
    logLevel: 'off',
    windowOptions: {},
  });
  measureByGrapheme(terminal);
  const { parser } = terminal;
  for (const ident of FORGOTTEN_OSC) parser.registerOscHandler(ident, () => true);
  const ignoreBeyond = (final: string, limit: () => number): void => {
    parser.registerCsiHandler({ final }, ([count]) => typeof count === 'number' && count > limit());
  };
  for (const final of COUNTED_IN_ROWS) ignoreBeyond(final, () => terminal.rows);
  for (const final of COUNTED_IN_COLS) ignoreBeyond(final, () => terminal.cols);
  ignoreBeyond(REPEAT, () => terminal.rows * terminal.cols);
  return terminal;
}
