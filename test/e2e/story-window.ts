// One person's window in a story: a program in tmux that waits longer than a unit test does, and whose failures show what
// everybody else saw at that moment.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealMachine } from '../harness/real-machine.ts';
import { TmuxWindow, type Wanted, type WindowOptions } from '../prompt/tmux-window.ts';

const PATIENCE_MS = 60_000; // other tests may have both cores; nothing is measured by it
const LOOK_EVERY_MS = 40; // a file tells nobody that it has grown

export interface StoryWindowOptions extends WindowOptions {
  /** How failures call it. */
  readonly name: string;
  /** Where the story plays. */
  readonly machine: RealMachine;
  /** What the other windows show. */
  readonly elsewhere: () => string;
  /** Where all bytes go that the program writes to its terminal. */
  readonly bytesFile: string;
}

export class StoryWindow extends TmuxWindow {
  readonly name: string;
  readonly machine: RealMachine;
  readonly #elsewhere: () => string;
  readonly #bytesFile: string;

  constructor(command: readonly string[], { name, machine, elsewhere, bytesFile, ...options }: StoryWindowOptions) {
    super(command, options);
    this.name = name;
    this.machine = machine;
    this.#elsewhere = elsewhere;
    this.#bytesFile = bytesFile;
    this.record(bytesFile);
  }

  override async until(wanted: Wanted, patienceMs = PATIENCE_MS): Promise<string> {
    const failure = new Error(); // made here, so that its stack names the test
    try {
      return await super.until(wanted, patienceMs);
    } catch (error) {
      failure.message = `${this.name} ${error instanceof Error ? error.message : String(error)}\n${this.#elsewhere()}`;
      throw failure;
    }
  }

  /** Resolves when `text` is nowhere on the screen. */
  async untilGone(text: string): Promise<string> {
    return await this.until((screen) => !screen.includes(text));
  }

  /** Types `line` and presses Enter. */
  enter(line: string): void {
    this.type(line);
    this.press('Enter');
  }

  /** The exit status of the program, which has left the terminal in line mode again. */
  async exited(): Promise<number> {
    const text = await this.until(/exit status \d+, -?icanon/);
    return Number(/exit status (\d+),/.exec(text)?.[1]);
  }

  /** All that the program has written to its terminal, from its start to the moment that `last` was in it. */
  async bytes(last: string): Promise<Buffer> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const bytes = readFileSync(this.#bytesFile);
      if (bytes.includes(last)) return bytes;
      if (Date.now() > deadline) throw new Error(`${this.name} never wrote ${JSON.stringify(last)}`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
