// A story: one machine with its real daemon, and the people's real programs in tmux. Whatever happens in it, nothing of it
// runs on afterwards, and a failure shows what everybody saw.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHAPERONE, CHAPERONED } from '../harness/place.ts';
import { killFound, processesWith } from '../harness/processes.ts';
import { type MachineOptions, RealMachine } from '../harness/real-machine.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import type { WindowOptions } from '../prompt/tmux-window.ts';
import { StoryWindow } from './story-window.ts';

const LEAVE_MS = 60_000; // for programs whose windows were closed, on a slow, busy machine
const LOOK_EVERY_MS = 50; // nobody tells a stranger that a process has ended
const LOG_SHOWN = 2000; // characters of the daemon's log in a failure

/** Plays `scenes` with a machine of their own. */
export async function story(options: MachineOptions, scenes: (at: Story) => Promise<void>): Promise<void> {
  const problems: Error[] = [];
  const machine = await RealMachine.start(options);
  const at = new Story(machine);
  await scenes(at).catch((error: unknown) => problems.push(at.explained(error)));
  await at[Symbol.asyncDispose]().catch((error: Error) => problems.push(error));
  const [first, ...more] = problems;
  if (first === undefined) return;
  first.message = [first.message, ...more.map(({ message }) => message)].join('\n\nAnd afterwards: ');
  throw first;
}

export class Story implements AsyncDisposable {
  readonly machine: RealMachine;
  readonly #windows: StoryWindow[] = [];

  constructor(machine: RealMachine) {
    this.machine = machine;
  }

  /** A `chaperoned` command in a window of the local user. */
  chaperoned(args: readonly string[], options: WindowOptions = {}): StoryWindow {
    return this.#open(`chaperoned ${args[0]}`, [CHAPERONED, ...args], this.machine.environment, options);
  }

  /** A `chaperone` command in a window of a technician (the first one unless named); without arguments, the dashboard. */
  chaperone(
    args: readonly string[],
    { technician, ...options }: WindowOptions & { technician?: string } = {},
  ): StoryWindow {
    const name = `${technician ?? 'technician'}: chaperone ${args[0] ?? ''}`;
    return this.#open(name, [CHAPERONE, ...args], this.technicianEnvironment(technician), options);
  }

  /** Runs a `chaperone` command over pipes to its end. */
  runChaperone(args: readonly string[], technician?: string): Promise<ProgramResult> {
    return runProgram([execPath, CHAPERONE, ...args], { environment: this.technicianEnvironment(technician) });
  }

  /** What the technician's programs are started with; their key lies where those programs look for one. */
  technicianEnvironment(technician?: string): Record<string, string> {
    const environment = this.machine.technicianEnvironment(technician);
    const directory = join(environment.CHAPERONE_HOME ?? '', 'technician');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { file, publicFile } = this.machine.key(technician);
    copyFileSync(file, join(directory, 'id_ed25519'));
    copyFileSync(publicFile, join(directory, 'id_ed25519.pub'));
    return { ...environment, SSH_AUTH_SOCK: '' };
  }

  /** What every window shows, for a failure. */
  screens(): string {
    const windows = this.#windows.map((window) => `──── ${window.name} ────\n${textOf(window)}`);
    return [...windows, `──── daemon's log ────\n${this.machine.logLines.text.slice(-LOG_SHOWN)}`].join('\n');
  }

  explained(error: unknown): Error {
    const explained = error instanceof Error ? error : new Error(String(error));
    if (!explained.message.includes('────')) explained.message += `\n${this.screens()}`;
    return explained;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const window of this.#windows) window[Symbol.dispose]();
    // A closed window is told so and leaves; only what does not is a fault, and then the machine reports it.
    const deadline = Date.now() + LEAVE_MS;
    while (this.#strangers().length > 0 && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
    const stayed = this.#strangers();
    killFound(stayed);
    await this.machine[Symbol.asyncDispose]();
    if (stayed.length > 0) throw new Error(`still ran: ${stayed.map(({ command }) => command).join('; ')}`);
  }

  /** Processes of this story that are not the daemon. */
  #strangers(): ReturnType<typeof processesWith> {
    return processesWith(this.machine.root).filter(({ pid }) => pid !== this.machine.pid);
  }

  #open(
    name: string,
    [program = '', ...args]: readonly string[],
    environment: Readonly<Record<string, string>>,
    options: WindowOptions,
  ): StoryWindow {
    const window = new StoryWindow([execPath, program, ...args], {
      ...options,
      env: { ...environment, ...options.env },
      name,
      machine: this.machine,
      elsewhere: () => this.screens(),
      bytesFile: join(this.machine.root, `window-${this.#windows.length + 1}.bytes`),
    });
    this.#windows.push(window);
    return window;
  }
}

function textOf(window: StoryWindow): string {
  try {
    return window.text();
  } catch {
    return '(closed)';
  }
}
