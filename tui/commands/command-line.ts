// The commands of chaperone and their options. What a command does is loaded when it is called.

import type { Command } from 'commander';
import { newProgram, runProgram } from '../../protocol/command-line.ts';
import { reportError } from './report-error.ts';

/** Runs what `argv` (with the two elements that Node puts first) asks for, and leaves with its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', stopOnClosedPipe);
  try {
    await runProgram(commandLine(), argv);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** `chaperone sessions | head`: the reader has seen enough. */
function stopOnClosedPipe(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') {
    process.exit();
  }
  throw error;
}

function commandLine(): Command {
  const program = newProgram(
    'chaperone',
    'Helps people at their computers: only while they allow it, and while they watch.',
  )
    .addHelpText(
      'after',
      `
Without a command it opens the dashboard. A machine is named by its connection ID (482 913 077),
by host:port, or by both: 482913077@host:port.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 denied, 4 unreachable, 5 not verified,
6 ended by the other side.`,
    )
    .action(async () => {
      await (await import('./dashboard.ts')).dashboard();
    });
  addSessions(program);
  addRecords(program);
  return program;
}

const JSON_OPTION = ['--json', 'print as JSON'] as const;

/** Commands that ask a person for a session. */
function addSessions(program: Command): void {
  const asking = (command: Command): Command =>
    command
      .option('-r, --reason <text>', 'why you ask, in words that the person at the machine understands')
      .option('-t, --ticket <ticket>', 'the ticket that this belongs to')
      .option('-c, --code <code>', 'the one-time code that the person reads to you')
      .option(
        '-i, --identity <file>',
        'private SSH key (else ssh-agent, then your chaperone key, then ~/.ssh/id_ed25519, id_ecdsa, id_rsa)',
      )
      .option('--certificate <file>', 'certificate to show (else the file beside the key that ends in -cert.pub)')
      .option('--fingerprint <fingerprint>', 'what the key of the machine must be, as the person reads it: SHA256:…')
      .option('--accept-new', 'trust a machine that was never met, without asking')
      .option(...JSON_OPTION);

  asking(
    program
      .command('connect')
      .description('ask for a session')
      .argument('<machine>', 'connection ID, host:port, or ID@host:port')
      .option('-s, --scope <scope...>', 'permissions to ask for (diagnostics, shell, …)')
      .option('--plain', 'line by line instead of the dashboard'),
  ).action(async (machine, options) => (await import('./connect.ts')).connect(machine, options));

  asking(
    program
      .command('run')
      .description('run a health check of the machine and print what it says')
      .argument('<machine>', 'connection ID, host:port, or ID@host:port')
      .argument('[check]', 'which one; without it they are listed')
      .argument('[parameters...]', 'as name=value')
      .option(
        '-l, --list',
        'list the checks of this machine; it asks for a session, since only the machine knows them',
      ),
  ).action(async (machine, check, parameters, options) =>
    (await import('./run.ts')).run(machine, check, parameters, options),
  );

  asking(
    program
      .command('suggest')
      .description('suggest a command to the person at the machine; it runs when they approve it')
      .argument('<machine>', 'connection ID, host:port, or ID@host:port')
      .argument('<command...>', 'after --, as: -- systemctl status cups')
      .option(
        '-p, --purpose <text>',
        'what the command is for, in words that the person understands (else the reason)',
      ),
  ).action(async (machine, words, options) => (await import('./suggest.ts')).suggest(machine, words, options));
}

/** Commands that look at what is kept here. */
function addRecords(program: Command): void {
  program
    .command('sessions')
    .description('list your sessions, the latest first')
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./sessions.ts')).sessions(options));
  program
    .command('replay')
    .description('show again what a shell showed')
    .argument('<recording>', 'session (or how its ID begins), or an asciicast file')
    .option('-n, --shell <number>', 'which shell of the session (the first one, unless you say)')
    .option('--plain', 'the text alone, at once')
    .action(async (recording, options) => (await import('./replay.ts')).replay(recording, options));
  program
    .command('receipt')
    .description('show the receipt of a session and check its signature')
    .argument('<session>', 'session ID, or how it begins, or the file of a receipt')
    .option('-k, --key <key>', 'of the machine that signed the file, as chaperoned status prints it')
    .option(...JSON_OPTION)
    .action(async (session, options) => (await import('./receipt.ts')).receipt(session, options));

  const audit = program.command('audit').description('look at your own record, or check any');
  audit
    .command('list')
    .description('list what this program has recorded, the latest last')
    .argument('[directory]', 'the log (else your own); what is sealed for others stays closed')
    .option('-n, --limit <number>', 'how many', '50')
    .option(...JSON_OPTION)
    .action(async (directory, options) => (await import('./audit-list.ts')).listAudit(directory, options));
  audit
    .command('show')
    .description('show one entry of your record')
    .argument('<number>', 'its number, from 0')
    .option(...JSON_OPTION)
    .action(async (number, options) => (await import('./audit-list.ts')).showAudit(number, options));
  audit
    .command('verify')
    .description('check that nothing in a record was changed or removed')
    .argument('[directory]', 'the log (else your own)')
    .option('--key <key>', 'verifier key of the log (else the one that is known here)')
    .option(...JSON_OPTION)
    .action(async (directory, options) => (await import('./audit-verify.ts')).verifyAudit(directory, options));

  program
    .command('whoami')
    .description('show what proves who you are, where it is kept, and until when it holds')
    .option('-i, --identity <file>', 'private SSH key to look at')
    .option('--certificate <file>', 'certificate of that key')
    .option('--no-passphrase', 'keep a new key in a file that is not locked')
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./whoami.ts')).whoami(options));

  const settings = program
    .command('settings')
    .description('show what is set once for all')
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./settings.ts')).showSettings(options));
  settings
    .command('set')
    .description('set one of them')
    .argument('<name>')
    .argument('<values...>')
    .action(async (name, values) => (await import('./settings.ts')).setSetting(name, values));
  settings
    .command('unset')
    .description('back to what it is without a setting')
    .argument('<name>')
    .action(async (name) => (await import('./settings.ts')).unsetSetting(name));
}
