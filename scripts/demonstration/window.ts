// A window with one program in it: a pty whose screen can be read as a person reads it, and a keyboard.

import { type IPty, spawn } from 'node-pty';
import { Screen } from '../../protocol/terminal/screen.ts';
import { NotAsPromised } from './failure.ts';

const PATIENCE_MS = 30_000; // a slow, busy computer; then what is awaited will not come
const LEAVE_MS = 5_000; // for a program to end after SIGTERM

/** Keys by the name on the key, as a terminal sends them. */
const KEYS = {
  Enter: '\r',
  Tab: '\t',
  Esc: '\x1b',
  Down: '\x1b[B',
  'Ctrl-]': '\x1d',
} as const;

export interface WindowOptions {
  readonly argv: readonly string[];
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
}

export class Window implements AsyncDisposable {
  readonly #screen: Screen;
  readonly #pty: IPty;
  readonly #looking = new Set<() => void>();
  readonly #exited = Promise.withResolvers<number>();
  #running = true;

  constructor({ argv, environment, cwd, cols, rows }: WindowOptions) {
    const [program = '', ...args] = argv;
    this.#screen = new Screen({ cols, rows });
    this.#pty = spawn(program, args, { cols, rows, cwd, env: { ...environment }, name: 'xterm-256color' });
    this.#pty.onData((data) => void this.#screen.write(data).then(() => this.#look()));
    this.#screen.onReply((reply) => {
      if (this.#running) this.#pty.write(reply);
    });
    this.#pty.onExit(({ exitCode }) => {
      this.#running = false;
      this.#exited.resolve(exitCode);
      this.#look();
    });
  }

  /** Resolves with the exit code of the program. */
  get exited(): Promise<number> {
    return this.#exited.promise;
  }

  /** What a person reads now, one string per row. */
  text(): string[] {
    return this.#screen.text();
  }

  /** The same with colours, as SGR. */
  lines(): string[] {
    return this.#screen.lines();
  }

  /** Where the cursor stands, or null when the program hides it. */
  get cursor(): { readonly x: number; readonly y: number } | null {
    const { x, y, visible } = this.#screen.cursor;
    return visible ? { x, y } : null;
  }

  /**
   * Resolves as soon as the screen holds all of `wanted`, with the matches in their order.
   *
   * @param expected what that is in words, for when it does not come
   * @throws {NotAsPromised} (as a rejection) when it does not come in half a minute, or the program ends
   */
  until(expected: string, ...wanted: readonly (string | RegExp)[]): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    const fail = (why: string): void => reject(new NotAsPromised(`${expected}, but ${why}`, this.text().join('\n')));
    const timer = setTimeout(() => fail('it did not come in time'), PATIENCE_MS);
    const look = (): void => {
      const text = this.text().join('\n');
      const found = wanted.map((each) => (typeof each === 'string' ? literal(text, each) : each.exec(text)?.[1]));
      if (found.every((each) => each !== undefined)) resolve(found);
      else if (!this.#running) fail('the program ended');
    };
    this.#looking.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#looking.delete(look);
    });
  }

  press(...keys: readonly (keyof typeof KEYS)[]): void {
    for (const key of keys) this.type(KEYS[key]);
  }

  type(text: string): void {
    if (this.#running) this.#pty.write(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) this.#pty.kill('SIGTERM');
    const timer = setTimeout(() => this.#running && this.#pty.kill('SIGKILL'), LEAVE_MS);
    await this.exited;
    clearTimeout(timer);
    this.#screen[Symbol.dispose]();
  }

  #look(): void {
    for (const look of [...this.#looking]) look();
  }
}

function literal(text: string, wanted: string): string | undefined {
  return text.includes(wanted) ? wanted : undefined;
}
