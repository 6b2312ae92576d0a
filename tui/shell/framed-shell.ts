// A remote shell inside our own frame: its bytes go through the emulator, and only text and colours come out.

import { Screen } from '../../protocol/terminal/screen.ts';
import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import type { ShellPort, TerminalSize } from '../dashboard/ports.ts';
import type { RawReceiver } from '../terminal/input-router.ts';
import { OutputFeed } from './output-feed.ts';
import { encodePaste, encodeTyped } from './shell-keys.ts';

const SCROLLBACK = 5000; // rows

export interface FramedShellOptions {
  readonly port: ShellPort;
  readonly size: TerminalSize;
  /** The screen, the scroll position or the state changed. */
  readonly onChange: () => void;
}

export class FramedShell implements Omit<RawReceiver, 'left'>, Disposable {
  readonly #port: ShellPort;
  readonly #screen: Screen;
  readonly #feed: OutputFeed;
  readonly #onChange: () => void;
  readonly #undo = new DisposableStack();
  #scroll = 0;
  #frozen = false;
  /** What is shown while frozen: the emulator may still be at work on its last portion. */
  #still: readonly string[] | null = null;
  #closed: string | null = null;

  constructor({ port, size, onChange }: FramedShellOptions) {
    this.#port = this.#undo.use(port);
    this.#onChange = onChange;
    this.#screen = this.#undo.use(new Screen({ ...size, scrollback: SCROLLBACK }));
    this.#feed = this.#undo.use(
      new OutputFeed({
        source: port,
        draw: (portion) => this.#screen.write(portion),
        onDrawn: () => this.#drawn(),
      }),
    );
    // Terminal queries are answered by the emulator, never by the technician's own terminal.
    this.#undo.use(this.#screen.onReply((reply) => this.#send(Buffer.from(reply, 'latin1'))));
    port.onOutput((chunk) => this.#feed.push(chunk));
    void port.closed.then((words) => this.#finish(words));
  }

  /** Why the shell is gone, in words; null while it runs. */
  get closed(): string | null {
    return this.#closed;
  }

  /** Rows scrolled back; 0 shows what is going on now. */
  get scroll(): number {
    return this.#scroll;
  }

  get cursor(): { readonly x: number; readonly y: number } | null {
    const { x, y, visible } = this.#screen.cursor;
    return visible && this.#scroll === 0 && this.#closed === null && !this.#frozen ? { x, y } : null;
  }

  /** Exactly as many rows as the shell has, of printable text and SGR. */
  lines(): string[] {
    if (this.#still === null) return this.#screen.lines(this.#scroll);
    const { cols, rows } = this.#screen;
    const kept = this.#still.slice(0, rows).map((line) => (cellWidth(line) > cols ? fitCells(line, cols, '') : line));
    return [...kept, ...Array.from({ length: rows - kept.length }, () => '')];
  }

  resize({ cols, rows }: TerminalSize): void {
    if (cols === this.#screen.cols && rows === this.#screen.rows) return;
    this.#screen.resize(cols, rows);
    if (this.#closed === null) this.#port.resize({ cols: this.#screen.cols, rows: this.#screen.rows });
    this.scrollBy(0);
  }

  /** Positive looks further back. */
  scrollBy(rows: number): void {
    this.#scroll = Math.max(0, Math.min(this.#screen.scrollbackLength, this.#scroll + rows));
    this.#onChange();
  }

  /** While the session is paused, nothing is drawn and nothing typed is sent: it would run unseen afterwards. */
  freeze(frozen: boolean): void {
    if (frozen === this.#frozen) return;
    this.#still = frozen ? this.#screen.lines(this.#scroll) : null;
    this.#frozen = frozen;
    this.#feed.freeze(frozen);
    this.#onChange();
  }

  typed(bytes: Buffer): void {
    this.#send(encodeTyped(bytes, this.#screen.modes));
  }

  pasted(bytes: Buffer, piece: { readonly first: boolean; readonly last: boolean }): void {
    this.#send(encodePaste(bytes, piece, this.#screen.modes));
  }

  /** Settles when all output so far is on the screen. */
  drained(): Promise<void> {
    return this.#feed.drained();
  }

  [Symbol.dispose](): void {
    this.#undo.dispose();
  }

  #send(bytes: Buffer): void {
    if (this.#frozen || this.#closed !== null) return;
    if (this.#scroll !== 0) this.scrollBy(-this.#scroll);
    this.#port.write(bytes);
  }

  #drawn(): void {
    this.#onChange();
  }

  #finish(words: string): void {
    this.#closed = words;
    this.#onChange();
  }
}
