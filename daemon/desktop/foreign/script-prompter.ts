// Asks by a script of the operating system: JXA on macOS, PowerShell on Windows. Not yet run on real computers: there
// nothing checks yet that the window is in sight, so the machine's own clock and the script's word are all there is.

import { spawn } from 'node:child_process';
import { LineDecoder } from '../../../protocol/line-codec.ts';
import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../../consent/prompter.ts';
import { PromptLost } from '../../local/errors.ts';
import { macCommand } from './mac-script.ts';
import { questionData } from './question-data.ts';
import { answerOf, readLine } from './read-answer.ts';
import { windowsCommand } from './windows-script.ts';

export interface ScriptCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export class ScriptPrompter implements Prompter {
  readonly name: string;
  readonly #command: (question: PromptQuestion) => ScriptCommand;

  constructor(name: string, command: (question: PromptQuestion) => ScriptCommand) {
    this.name = name;
    this.#command = command;
  }

  async ask(question: PromptQuestion, { signal, onDisplayed }: AskOptions): Promise<PromptAnswer> {
    signal.throwIfAborted();
    const { argv, environment } = this.#command(question);
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { promise, resolve, reject } = Promise.withResolvers<PromptAnswer>();
    const stop = () => reject(new PromptLost('the question was withdrawn'));
    signal.addEventListener('abort', stop, { once: true });
    const lines = new LineDecoder();
    child.once('error', () => reject(new PromptLost('the window could not be opened')));
    child.once('close', () => reject(new PromptLost('the window was closed by force')));
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        for (const text of lines.push(chunk)) {
          const line = readLine(text);
          if (line?.event === 'shown') onDisplayed();
          const answer = line === null ? { allow: false as const } : answerOf(line, question);
          if (answer !== null) resolve(answer);
        }
      } catch {
        resolve({ allow: false });
      }
    });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      child.kill('SIGKILL');
    }
  }
}

/** The prompter of an operating system other than Linux, or null where there is none. */
export function foreignPrompter(platform: NodeJS.Platform): Prompter | null {
  switch (platform) {
    case 'darwin':
      return new ScriptPrompter('macOS dialog', (question) => ({
        argv: macCommand(questionData(question)),
        environment: {},
      }));
    case 'win32':
      return new ScriptPrompter('Windows dialog', (question) => windowsCommand(questionData(question)));
    default:
      return null;
  }
}
