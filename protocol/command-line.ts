// What all three programs share of their command lines: whatever is typed wrongly is said in one style, with a hint, and
// ends with one exit code. The parser's own complaints look different and leave the hint out.

import { Command, CommanderError } from 'commander';
import { EXIT, UsageError } from './errors.ts';
import { nearest } from './nearest-word.ts';
import { VERSION } from './version.ts';

const HELP_SHOWN = ['commander.help', 'commander.helpDisplayed', 'commander.version']; // codes that are no complaints

/** A program to add commands to. It prints help, and throws what is wrong instead of printing it. */
export function newProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(`${name} ${VERSION}`, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(true)
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
}

/**
 * Runs what `argv` (with the two elements that Node puts first) asks for.
 *
 * @throws UsageError when it asks for nothing that there is, and whatever the command throws
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  const command = commandNamed(program, argv.slice(2));
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A command that only groups others, called without one of them, shows its help: that is not what was wanted.
    if (HELP_SHOWN.includes(error.code)) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else throw complaint(command, error.message);
  }
}

/**
 * The command that the first words name. A word that is none would otherwise be passed over when `--help` stands after it.
 *
 * @throws UsageError
 */
function commandNamed(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    if (command.commands.length === 0 || word === '--') break;
    if (word.startsWith('-') || (word === 'help' && command === program)) continue;
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) throw unknownWord(command, word);
    command = next;
  }
  return command;
}

function unknownWord(command: Command, word: string): UsageError {
  const meant = nearest(
    word,
    command.commands.map((each) => each.name()),
  );
  const path = pathOf(command);
  const hint = meant === undefined ? `${path} --help lists the commands` : `did you mean "${path} ${meant}"?`;
  const inside = command.parent === null ? '' : ` of ${path}`;
  return new UsageError(`there is no command ${JSON.stringify(word)}${inside}`, hint);
}

/** The parser's sentence, `error: unknown option '--jsn'` and `(Did you mean --json?)` below it, as one of ours. */
function complaint(command: Command, sentence: string): UsageError {
  const [first = '', second = ''] = sentence.split('\n');
  const message = first
    .replace(/^error: /, '')
    .replaceAll("'", '"')
    .replace('. Expected', ': expected')
    .replace(/\.$/, '');
  const meant = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(second)?.[1];
  const hint = meant === undefined ? `${pathOf(command)} --help shows what it takes` : `did you mean ${meant}?`;
  return new UsageError(message, hint);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
