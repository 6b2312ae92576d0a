// Draws a blessed widget into rows of text. The blessed screen that it needs stands on streams that lead nowhere: it
// never sees the terminal, and it may not keep the hooks that it puts into the process.

import { PassThrough, Writable } from 'node:stream';
import blessed, { type Element, type Screen } from 'blessed';

export interface ChartSize {
  readonly cols: number;
  readonly rows: number;
}

const WHITE = '\x1b[37m'; // of scales and names: nobody sees it on a white ground
const OWN_LETTERS = '\x1b[39m';
/** Events of the process that a blessed screen listens to: on any of them it would write to a terminal or exit. */
const HOOKED = ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGCONT', 'exit'] as const;

/** Widgets leave their lower and right edges blank; they are made larger by up to so many cells, and cut. */
const EDGE = 8;

let screen: Screen | null = null;

/**
 * Rows of exactly `size.rows` with SGR.
 *
 * @param make the widget, up to eight cells larger than `size` in each direction
 * @param fill gives it its data, once it is on the screen
 */
export function drawOffscreen<T extends Element>(size: ChartSize, make: () => T, fill: (widget: T) => void): string[] {
  const { cols, rows } = size;
  screen ??= withoutHooks(createScreen);
  screen.program.cols = cols + EDGE;
  screen.program.rows = rows + EDGE;
  screen.alloc();
  const widget = make();
  screen.append(widget);
  try {
    fill(widget);
    screen.render();
    return screen
      .screenshot(0, cols, 0, rows)
      .split('\n')
      .slice(0, rows)
      .map((row) => row.replaceAll('\x1b[m', '\x1b[0m').replaceAll(WHITE, OWN_LETTERS));
  } finally {
    screen.remove(widget);
    widget.destroy();
  }
}

function createScreen(): Screen {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  return blessed.screen({
    input: new PassThrough(),
    output,
    terminal: 'xterm-256color',
    fullUnicode: true,
    smartCSR: false,
  });
}

/** Runs `create` and removes every listener that it added to the process. */
function withoutHooks<T>(create: () => T): T {
  const before = new Map(HOOKED.map((event) => [event, new Set(process.rawListeners(event))]));
  const created = create();
  for (const [event, known] of before) {
    for (const listener of process.rawListeners(event)) {
      if (!known.has(listener)) process.removeListener(event, listener as () => void);
    }
  }
  return created;
}
