// One real terminal in tmux with one program in it, driven by keys and read as text.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000; // a slow, busy machine; nothing is measured by it
const LOOK_EVERY_MS = 40; // tmux tells nobody that a screen changed

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
    const shell = this.flag('pane_pid');
    const [program] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ');
    process.kill(Number(program), name);
  }

  /** From now on, all bytes that the program writes to its terminal are added to `file`. */
  record(file: string): void {
    this.#tmux('pipe-pane', '-O', `exec cat >> ${quote(file)}`);
  }

  /** The screen once it satisfies `wanted` (or contains that text); fails with what was there instead. */
  async until(wanted: string | RegExp | ((text: string) => boolean), patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const text = this.text();
      const found =
        typeof wanted === 'string'
          ? text.includes(wanted)
          : wanted instanceof RegExp
            ? wanted.test(text)
            : wanted(text);
      if (found) return text;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${String(wanted)}; the screen shows:\n${text}`);
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

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
