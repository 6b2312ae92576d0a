// One window of yad or zenity: started, watched on the screen, and taken away again.

import { type ChildProcess, spawn } from 'node:child_process';
import type { DesktopPlace } from '../place.ts';
import type { XScreen } from '../x11/screen.ts';

const LOOK_MS = 100; // how often the screen is asked until a window is in sight, and while a question is open
const LATER_MS = 500; // and afterwards: windows stand for hours, and each look costs the X server a request per window
const GOES_MS = 250; // between a window that goes and the end of its program, which says what was pressed in it
const OUTPUT_MAX = 16 * 1024; // characters; a dialog prints ticks and short texts

export interface DialogEnd {
  /** Null when a signal ended it or it could not be started. */
  readonly code: number | null;
  readonly output: string;
  /** For how many ms it had been in sight without a break when it ended. */
  readonly inSightMs: number;
}

export interface DialogCommand {
  /** Path of the program. */
  readonly program: string;
  readonly args: readonly string[];
}

export interface DialogOptions {
  /** Called when a window that was in sight is not mapped any more, or its program is gone. */
  readonly onHidden?: () => void;
  /** Whether it matters that it is covered for a moment: an answer counts only after a look without a break. @default no */
  readonly isQuestion?: boolean;
}

export class Dialog implements Disposable {
  /** Resolves when its program has ended, however. */
  readonly closed: Promise<DialogEnd>;
  /** Resolves once it is in sight; never when it never is. */
  readonly seen: Promise<void>;
  readonly #child: ChildProcess;
  #looking: NodeJS.Timeout;
  #going: NodeJS.Timeout | undefined;
  readonly #screen: XScreen;
  #inSightSince: number | null = null;
  #over = false;

  constructor(
    { program, args }: DialogCommand,
    place: DesktopPlace,
    { onHidden = () => undefined, isQuestion = false }: DialogOptions = {},
  ) {
    this.#screen = place.screen;
    const [launcher, ...first] = [...place.launcher, program];
    this.#child = spawn(launcher ?? program, [...first, ...args], {
      env: place.environment,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let output = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_MAX) output += text;
    });
    this.#child.stdin?.on('error', () => undefined); // it may end without reading
    this.closed = new Promise((resolve) => {
      const end = (code: number | null) => {
        const inSightMs = this.#inSightSince === null ? 0 : performance.now() - this.#inSightSince;
        this.#end();
        resolve({ code, output, inSightMs });
      };
      this.#child.once('error', () => end(null));
      this.#child.once('close', (code) => end(code));
    });
    let seen: () => void = () => undefined;
    this.seen = new Promise((resolve) => {
      seen = resolve;
    });
    let busy = false;
    let wasSeen = false;
    const look = () => {
      const { pid } = this.#child;
      if (busy || pid === undefined) return;
      busy = true;
      void place.screen.sightOf(pid).then((sight) => {
        busy = false;
        if (this.#over) return;
        if (sight === 'visible') {
          this.#inSightSince ??= performance.now();
          if (!wasSeen && !isQuestion) {
            clearInterval(this.#looking);
            this.#looking = setInterval(look, LATER_MS);
          }
          wasSeen = true;
          seen();
          return;
        }
        this.#inSightSince = null;
        if (sight === 'hidden' && wasSeen) this.#going ??= setTimeout(onHidden, GOES_MS);
      });
    };
    this.#looking = setInterval(look, LOOK_MS);
  }

  /** From now on the window may have the keyboard, when the person turns to it. */
  letHaveKeyboard(): void {
    if (this.#child.pid !== undefined && !this.#over) void this.#screen.letHaveKeyboard(this.#child.pid);
  }

  /** Hands the keyboard back to the window that had it before this one took it. */
  giveKeyboardBack(before: number): void {
    if (this.#child.pid !== undefined && !this.#over) void this.#screen.giveKeyboardBack(this.#child.pid, before);
  }

  /** Keeps it above other windows, where its program has no option for that. */
  keepAbove(): void {
    if (this.#child.pid !== undefined && !this.#over) void this.#screen.keepAbove(this.#child.pid);
  }

  /** Gives its program a line to read. */
  write(line: string): void {
    if (!this.#over) this.#child.stdin?.write(`${line}\n`);
  }

  /** Gives its program all that it is to read. */
  finishInput(text: string): void {
    this.#child.stdin?.end(text);
  }

  /** Takes it off the screen. */
  [Symbol.dispose](): void {
    this.#end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#looking);
    clearTimeout(this.#going);
  }
}
