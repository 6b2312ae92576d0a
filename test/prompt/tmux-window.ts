// One real terminal in tmux with one program in it, driven by keys and read as text.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000; // a slow, busy machine; nothing is measured by it
const LOOK_EVERY_MS = 40; // tmux tells nobody that a screen changed

/** Text or pattern; all of several, in one picture: a screen may be half drawn when it is looked at. */
export type Wanted = string | RegExp | readonly (string | RegExp)[] | ((text: string) => boolean);

export interface WindowOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class TmuxWindow implements Disposable {
  readonly #server = `chaperone-${randomUUID().slice(0, 8)}`;

  /** Runs `command` (argv) and shows afterwards how it exited and whether the terminal reads lines (`icanon`) again. */
  constructor(command: readonly string[], { cols = 80, rows = 24, env = {} }: WindowOptions = {}) {
    const variables = Object.entries({ LANG: 'C.UTF-8', ...env }).map(([name, value]) => `${name}=${quote(value)}`);
    const line = `trap : INT; ${['env', ...variables, ...command.map(quote)].join(' ')}; s=$?; m=$(stty -a | grep -o -e '-*icanon'); printf 'exit status %s, %s\\n' $s $m; exec cat`;
    this.#tmux('-u', '-f', '/dev/null', 'new-session', '-d', '-x', String(cols), '-y', String(rows), 'sh', '-c', line);
  }

  /** The rows of the screen, their blank ends cut off. */
  rows(): string[] {
    return this.#tmux('capture-pane', '-p').replace(/\n$/, '').split('\n');
  }

  text(): string {
    return this.rows().join('\n').trimEnd();
  }

  /** With colours, as escape sequences. */
  styled(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** Names of keys as tmux knows them: `Enter`, `Tab`, `C-c`, `a`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Characters as they are. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', text);
  }

  paste(text: string): void {
    this.#tmux('set-buffer', text);
    this.#tmux('paste-buffer', '-p');
  }

  resize(cols: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(cols), '-y', String(rows));
  }

  /** `cursor_flag`, `alternate_on` and the like (tmux(1), FORMATS). */
  flag(name: string): string {
    return this.#tmux('display-message', '-p', `#{${name}}`).trim();
  }

  /** Sends a signal to the program in the window. */
  signal(name: NodeJS.Signals): void {
    process.kill(this.#program(), name);
  }

  /** Whether the program in the window is stopped, as by SIGSTOP, and has not only been told so. */
  isStopped(): boolean {
    return /^State:\tT/m.test(readFileSync(`/proc/${this.#program()}/status`, 'utf8'));
  }

  #program(): number {
    const shell = this.flag('pane_pid');
    const [program = ''] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ');
    if (program === '') throw new Error('no program runs in the window any more');
    return Number(program);
  }

  /** From now on, all bytes that the program writes to its terminal are added to `file`. */
  record(file: string): void {
    this.#tmux('pipe-pane', '-O', `exec cat >> ${quote(file)}`);
  }

  /** The screen once it satisfies `wanted` (or contains that text); fails with what was there instead. */
  async until(wanted: Wanted, patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const text = this.text();
      const missing = missingIn(text, wanted);
      if (missing === '') return text;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${missing}; the screen shows:\n${text}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  [Symbol.dispose](): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // It has gone with its last program.
    }
  }

  #tmux(...command: string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** What `text` has not, in words; empty when it has all. */
function missingIn(text: string, wanted: Wanted): string {
  if (typeof wanted === 'function') return wanted(text) ? '' : String(wanted);
  const all = typeof wanted === 'string' || wanted instanceof RegExp ? [wanted] : wanted;
  const has = (one: string | RegExp) => (typeof one === 'string' ? text.includes(one) : one.test(text));
  return all
    .filter((one) => !has(one))
    .map(String)
    .join(' and ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
