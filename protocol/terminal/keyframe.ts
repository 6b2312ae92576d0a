// Writes a screen down as text from which another one of the same size goes on: what seeking in a replay jumps to.
// The serialize addon leaves out coloured blank rows, the scroll region, a hidden cursor and a sequence that is not
// finished: added here.

import serialize from '@xterm/addon-serialize';
import type { Terminal } from '@xterm/headless';
import { endOfSequence } from './escape-sequence.ts';
import { rowText } from './row.ts';

const UNFINISHED_LENGTH = 4096; // of a longer one its opening is enough: what follows is swallowed all the same
const OPENING_LENGTH = 64;

interface Region {
  readonly top: number;
  readonly bottom: number;
}

export class Keyframes {
  readonly #terminal: Terminal;
  readonly #addon = new serialize.SerializeAddon();
  /** Each buffer has its own; `undefined` is the whole screen. */
  readonly #regions: { normal: Region | undefined; alternate: Region | undefined } = {
    normal: undefined,
    alternate: undefined,
  };
  #unfinished = '';
  cursorVisible = true;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    terminal.loadAddon(this.#addon as Parameters<Terminal['loadAddon']>[0]);
    const { parser } = terminal;
    const watch = (change: () => void) => (): false => {
      change();
      return false; // the emulator handles it as well
    };
    const reset = watch(() => {
      this.cursorVisible = true;
      this.#regions.normal = undefined;
      this.#regions.alternate = undefined;
    });
    parser.registerEscHandler({ final: 'c' }, reset);
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, reset);
    terminal.onResize(() => {
      this.#regions.normal = undefined;
      this.#regions.alternate = undefined;
    });
    for (const final of ['h', 'l'] as const) {
      parser.registerCsiHandler({ prefix: '?', final }, (params) => {
        if (params.includes(25)) this.cursorVisible = final === 'h';
        return false;
      });
    }
    parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => {
      const region = regionOf(top, bottom, terminal.rows);
      if (region.top < region.bottom) this.#regions[terminal.buffer.active.type] = region;
      return false;
    });
  }

  /** Call with everything that is written, in order. */
  track(data: Uint8Array | string): void {
    const start = typeof data === 'string' ? data.lastIndexOf('\x1b') : data.lastIndexOf(0x1b);
    if (start === -1 && this.#unfinished === '') return;
    const rest = start === -1 ? data : data.slice(start);
    const text = typeof rest === 'string' ? rest : Buffer.from(rest).toString('latin1');
    const open = start === -1 ? this.#unfinished + text : text;
    if (endOfSequence(`${open}m`, 0) <= open.length) this.#unfinished = '';
    else this.#unfinished = open.length > UNFINISHED_LENGTH ? open.slice(0, OPENING_LENGTH) : open;
  }

  /** @param scrollback rows above the screen to include @default 0 */
  serialize(scrollback = 0): string {
    const { buffer, modes, rows, cols } = this.#terminal;
    let text = this.#addon.serialize({ scrollback }) + this.#blankRows();
    const region = this.#regions[buffer.active.type];
    if ((region !== undefined && (region.top > 1 || region.bottom < rows)) || modes.originMode) {
      const { top, bottom } = region ?? { top: 1, bottom: rows };
      // Setting a region moves the cursor home.
      const row = buffer.active.cursorY + 1 - (modes.originMode ? top - 1 : 0);
      text += `\x1b[${top};${bottom}r\x1b[${row};${Math.min(buffer.active.cursorX + 1, cols)}H`;
    }
    if (!this.cursorVisible) text += '\x1b[?25l';
    return text + this.#unfinished;
  }

  /** Rows that have a background and nothing else. */
  #blankRows(): string {
    const { rows, cols, buffer } = this.#terminal;
    const cell = buffer.active.getNullCell();
    let text = '';
    for (let y = 0; y < rows; y += 1) {
      const line = buffer.active.getLine(buffer.active.baseY + y);
      if (line === undefined || rowText(line, { cols, cell, styled: false }).trim() !== '') continue;
      const row = rowText(line, { cols, cell, styled: true });
      if (row !== '') text += `\x1b[${y + 1};1H${row}`;
    }
    return text === '' ? '' : `\x1b7\x1b[0m${text}\x1b8`;
  }
}

function regionOf(top: unknown, bottom: unknown, rows: number): Region {
  const first = typeof top === 'number' && top > 0 ? top : 1;
  const last = typeof bottom === 'number' && bottom > 0 ? Math.min(bottom, rows) : rows;
  return { top: first, bottom: last };
}
