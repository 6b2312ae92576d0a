// Whatever is typed wrongly, in whichever program: what is wrong, a hint, and the exit code 2.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newProgram, runProgram } from './command-line.ts';
import { UsageError } from './errors.ts';

const ran: unknown[] = [];
const printed: string[] = [];

beforeEach(() => {
  ran.length = 0;
  printed.length = 0;
  const keep = (text: string | Uint8Array) => printed.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function example() {
  const program = newProgram('example', 'An example.').action(() => void ran.push('example'));
  program
    .command('run')
    .argument('<machine>')
    .option('--json', 'as JSON')
    .option('--reason <text>', 'why')
    .action((machine) => void ran.push(machine));
  const settings = program.command('settings').action(() => void ran.push('settings'));
  settings.command('set').action(() => void ran.push('set'));
  program.command('audit').command('verify');
  return program;
}
const type = (...words: string[]) => runProgram(example(), ['node', 'example', ...words]);
const wrong = (...words: string[]): Promise<unknown> => type(...words).catch((error: unknown) => error);

it.each([
  [['rnu'], 'there is no command "rnu"', 'did you mean "example run"?'],
  [['login', '--help'], 'there is no command "login"', 'example --help lists the commands'],
  [['--help', 'login'], 'there is no command "login"', 'example --help lists the commands'],
  [['help', 'login'], 'there is no command "login"', 'example --help lists the commands'],
  [
    ['audit', 'verfy', '--help'],
    'there is no command "verfy" of example audit',
    'did you mean "example audit verify"?',
  ],
  [['settings', 'sat'], 'there is no command "sat" of example settings', 'did you mean "example settings set"?'],
  [['run'], 'missing required argument "machine"', 'example run --help shows what it takes'],
  [['run', 'a', '--jsn'], 'unknown option "--jsn"', 'did you mean --json?'],
  [['run', 'a', '--colour'], 'unknown option "--colour"', 'example run --help shows what it takes'],
  [['run', 'a', '--reason'], 'option "--reason <text>" argument missing', 'example run --help shows what it takes'],
  [
    ['run', 'a', 'b'],
    'too many arguments for "run": expected 1 argument but got 2: a, b',
    'example run --help shows what it takes',
  ],
])('%j is refused with a hint, and nothing else is printed', async (words, message, hint) => {
  const error = await wrong(...words);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ message, hint, exitCode: 2 });
  expect([...ran, ...printed]).toEqual([]);
});

it('help is help, also of a single command', async () => {
  for (const words of [['--help'], ['run', '--help'], ['help', 'run'], ['help']]) {
    await type(...words);
    expect(printed.splice(0).join('')).toContain('Usage: example');
    expect(process.exitCode).toBe(0);
  }
});

it('a group without its command shows help, and exits as wrong usage', async () => {
  await type('audit');
  expect(printed.join('')).toContain('Usage: example audit');
  expect(process.exitCode).toBe(2);
});

it('words for a command are left to it', async () => {
  await type('run', 'login', '--reason', '--help');
  await type('settings');
  await type();
  expect(ran).toEqual(['login', 'settings', 'example']);
});
