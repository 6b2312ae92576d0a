// The shell of a session: opened when it is first looked at, kept while other tabs are, gone with the session.

import { FramedShell } from '../../shell/framed-shell.ts';
import type { RawReceiver } from '../../terminal/input-router.ts';
import type { SessionPort, TerminalSize } from '../ports.ts';
import { inWords } from '../use-source.ts';

export type ShellStatus =
  | { readonly state: 'none' }
  | { readonly state: 'opening' }
  | { readonly state: 'open'; readonly scroll: number }
  /** It could not be opened, or is gone; `words` says why. */
  | { readonly state: 'closed'; readonly words: string };

/** What of a session the holder needs. */
export type ShellSession = Pick<SessionPort, 'openShell' | 'snapshot' | 'onChange'>;

const TYPED_AHEAD = 64; // pieces of input kept for a shell that is still being opened

export class ShellHolder implements Omit<RawReceiver, 'left'>, Disposable {
  readonly #session: ShellSession;
  readonly #subscription: Disposable;
  readonly #onDraw: () => void;
  readonly #listeners = new Set<() => void>();
  #size: TerminalSize = { cols: 80, rows: 24 };
  #shell: FramedShell | null = null;
  #status: ShellStatus = { state: 'none' };
  #frozen = false;
  #ahead: ((shell: FramedShell) => void)[] = [];
  #disposed = false;

  /** @param onDraw the shell's screen changed; called often */
  constructor(session: ShellSession, onDraw: () => void) {
    this.#session = session;
    this.#onDraw = onDraw;
    // Not by way of the screen, which follows a moment later: after the end no byte is drawn (promise 9).
    const follow = () => this.#freeze(session.snapshot().state !== 'active');
    this.#subscription = session.onChange(follow);
    follow();
  }

  /** The shell, also after it closed, for what it last showed. */
  get shell(): FramedShell | null {
    return this.#shell;
  }

  status(): ShellStatus {
    return this.#status;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Opens one if none is open. */
  async open(): Promise<void> {
    if (this.#disposed || this.#status.state === 'opening' || this.#status.state === 'open') return;
    this.#set({ state: 'opening' });
    try {
      const port = await this.#session.openShell(this.#size);
      if (this.#disposed) {
        port[Symbol.dispose]();
        return;
      }
      this.#shell?.[Symbol.dispose]();
      const shell = new FramedShell({ port, size: this.#size, onChange: () => this.#changed(shell) });
      this.#shell = shell;
      shell.freeze(this.#frozen);
      this.#set({ state: 'open', scroll: 0 });
      for (const type of this.#ahead.splice(0)) type(shell);
    } catch (error) {
      this.#ahead = [];
      this.#set({ state: 'closed', words: inWords(error) });
    }
  }

  typed(bytes: Buffer): void {
    this.#input((shell) => shell.typed(bytes));
  }

  pasted(bytes: Buffer, piece: { readonly first: boolean; readonly last: boolean }): void {
    this.#input((shell) => shell.pasted(bytes, piece));
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#shell?.resize(size);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#subscription[Symbol.dispose]();
    this.#shell?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #freeze(frozen: boolean): void {
    this.#frozen = frozen;
    this.#shell?.freeze(frozen);
  }

  /** What is typed while the shell is being opened is meant for it. */
  #input(type: (shell: FramedShell) => void): void {
    if (this.#status.state === 'open' && this.#shell !== null) type(this.#shell);
    else if (this.#status.state === 'opening' && this.#ahead.length < TYPED_AHEAD) this.#ahead.push(type);
  }

  /** Drawing is frequent and does not concern the rest of the screen; closing and scrolling do. */
  #changed(shell: FramedShell): void {
    if (this.#disposed || shell !== this.#shell) return;
    this.#onDraw();
    if (this.#status.state !== 'open') return;
    if (shell.closed !== null) this.#set({ state: 'closed', words: shell.closed });
    else if (shell.scroll !== this.#status.scroll) this.#set({ state: 'open', scroll: shell.scroll });
  }

  #set(status: ShellStatus): void {
    this.#status = status;
    this.#onDraw();
    for (const listener of this.#listeners) listener();
  }
}
