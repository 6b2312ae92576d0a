// The real dashboard in a real terminal (tmux), and the local user of its machine.

import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CHAPERONE } from '../harness/place.ts';
import { TmuxWindow, type Wanted, type WindowOptions } from '../prompt/tmux-window.ts';
import type { Deed } from './local-machine.ts';

const PROGRAM = resolve(dirname(CHAPERONE), '../test/dashboard/desk-program.js');

/** Of the local bash. */
export const PROMPT = /^(\$|#) ?$/m;

const PATIENCE_MS = 40_000; // other tests may have both cores; nothing is measured by it

class PatientWindow extends TmuxWindow {
  override until(wanted: Wanted, patienceMs = PATIENCE_MS): Promise<string> {
    return super.until(wanted, patienceMs);
  }
}

export interface DeskOptions extends WindowOptions {
  /** Begin in a session instead of at the start screen. @default false */
  readonly connected?: boolean;
  /** argv of the session's shell. */
  readonly shell?: readonly string[];
}

export class DeskWindow implements AsyncDisposable {
  readonly window: TmuxWindow;
  readonly #directory: string;

  private constructor(window: TmuxWindow, directory: string) {
    this.window = window;
    this.#directory = directory;
  }

  static async open({ connected = false, shell = [], ...options }: DeskOptions = {}): Promise<DeskWindow> {
    await access(PROGRAM); // scripts/build makes it
    const directory = await mkdtemp(join(tmpdir(), 'chaperone-desk-'));
    const env = { ...options.env, CHAPERONE_DEED_SOCKET: join(directory, 'deeds') };
    const argv = [
      process.execPath,
      PROGRAM,
      connected ? 'connected' : 'home',
      ...(shell.length > 0 ? ['--', ...shell] : []),
    ];
    return new DeskWindow(new PatientWindow(argv, { ...options, env }), directory);
  }

  /** In a session, with the keyboard in its shell. */
  static async inShell(options: DeskOptions = {}): Promise<DeskWindow> {
    const desk = await DeskWindow.open({ ...options, connected: true });
    try {
      await desk.window.until('leave the shell');
      if (options.shell === undefined) await desk.window.until(PROMPT);
      return desk;
    } catch (error) {
      await desk[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** In a session, on the tab that `key` chooses. */
  static async onTab(key: string, options: DeskOptions = {}): Promise<DeskWindow> {
    const desk = await DeskWindow.inShell(options);
    try {
      desk.window.press('C-]');
      await desk.window.until('type in the shell');
      desk.window.press(key);
      return desk;
    } catch (error) {
      await desk[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A path of its own for each desk, removed with it. */
  file(name: string): string {
    return join(this.#directory, name);
  }

  /** What the local user does, or `throw` / `reject`: an exception in the program itself. */
  async deed(deed: Deed | 'throw' | 'reject'): Promise<void> {
    const socket = connect(join(this.#directory, 'deeds'));
    socket.end(`${deed}\n`);
    socket.resume();
    await once(socket, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.window[Symbol.dispose]();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Text of the rows that stay on screen all the time: banner and key bar. */
export function frameOf(text: string): string {
  const rows = text.split('\n');
  return [...rows.slice(0, 3), rows.at(-1)].join('\n');
}
