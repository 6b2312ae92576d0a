// The commands of chaperoned and their options. What a command does is loaded when it is called.

import type { Command } from 'commander';
import { newProgram, runProgram } from '../../protocol/command-line.ts';
import { reportError } from './report-error.ts';

/** Runs what `argv` (with the two elements that Node puts first) asks for, and sets the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await runProgram(commandLine(), argv);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

function commandLine(): Command {
  const program = newProgram(
    'chaperoned',
    'Lets a technician help on this computer, only while you allow it and watch.',
  ).addHelpText(
    'after',
    `
To begin: chaperoned policy sample > policy.yaml, list a technician in it,
then chaperoned start --config policy.yaml, and chaperoned prompt in a second window.

Exit codes: 0 done, 1 failed, 2 wrong usage or policy, 3 denied, 4 not running,
5 the record does not verify.`,
  );
  const json = ['--json', 'print as JSON'] as const;

  program
    .command('start')
    .description('run in the foreground until stopped')
    .option('-c, --config <file>', 'policy file (else policy.yaml in the state directory)')
    .option('--once', 'stop when the first session is over')
    .option('--log <file>', 'append log lines to this file (else they go to standard error)')
    .action(async (options) => (await import('./start.ts')).start(options));

  program
    .command('prompt')
    .description('show questions and the one-time code in this window')
    .option('--plain', 'line by line, for screen readers')
    .action(async (options) => (await import('./prompt.ts')).prompt(options));
  program
    .command('tray')
    .description('show questions and who is connected on this desktop')
    .option('--check', 'only say how well this desktop can ask and show')
    .option('--remind-after <time>', 'remind of a session in which nothing happened for so long (else 5m)')
    .action(async (options) => (await import('./tray.ts')).tray(options));
  program
    .command('watch')
    .description('watch what a technician does')
    .option('--plain', 'line by line, for screen readers')
    .action(async (options) => (await import('./watch.ts')).watch(options));

  program
    .command('status')
    .description('show how Chaperone is and who is connected')
    .option(...json)
    .action(async (options) => (await import('./status.ts')).status(options));
  program
    .command('code')
    .description("show this computer's number and the one-time code")
    .option('--new', 'make a new code; the old one stops working')
    .option(...json)
    .action(async (options) => (await import('./code.ts')).code(options));

  for (const [name, description] of [
    ['pause', 'hold a session: nothing is seen or typed'],
    ['resume', 'let a held session go on'],
    ['end', 'end a session at once'],
  ] as const) {
    program
      .command(name)
      .description(`${description} (all of them, when none is named)`)
      .argument('[session]', 'session ID, or how it begins')
      .option(...json)
      .action(async (session, options) => (await import('./sessions.ts')).actOnSessions(name, session, options));
  }
  program
    .command('scopes')
    .description('show what each technician may do now, and what you could allow')
    .option(...json)
    .action(async (options) => (await import('./scopes.ts')).showScopes(options));
  for (const [name, description] of [
    ['withdraw', 'take permissions back, at once'],
    ['allow', 'allow more in a session that is open'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .argument('<scope...>', 'its number, words or name, as `chaperoned scopes` lists them')
      .option('--session <session>', 'session ID, or how it begins (else every session)')
      .option(...json)
      .action(async (scopes, options) => (await import('./scopes.ts')).changeScopes(name, scopes, options));
  }
  program
    .command('say')
    .description('send a line to the technician')
    .argument('<text...>', 'what to say')
    .action(async (words) => (await import('./say.ts')).say(words));

  const policy = program.command('policy').description('check the policy, explain it, or begin one');
  policy
    .command('check')
    .description('list everything that is wrong with a policy file')
    .argument('[file]', 'policy file (else the one in the state directory)')
    .option('--organisation', "the file is an organisation's policy, to be signed")
    .option(...json)
    .action(async (file, options) => (await import('./policy.ts')).checkPolicy(file, options));
  policy
    .command('explain')
    .description('show what holds, who set it, and why')
    .argument('[file]', 'policy file (else the one in the state directory)')
    .option('--technician <certificate>', 'what the holder of this certificate (or .pub file) could be given')
    .option(...json)
    .action(async (file, options) => (await import('./policy-explain.ts')).explain(file, options));
  policy
    .command('schema')
    .description('print the JSON Schema of a policy, for editors')
    .option('--organisation', "of an organisation's policy, instead of a computer's own")
    .action(async (options) => (await import('./policy.ts')).printSchema(options));
  policy
    .command('sample')
    .description('print a policy to start from')
    .action(async () => (await import('./policy.ts')).printSample());

  program
    .command('doctor')
    .description('look at keys, certificates, policy, containment, clock and ports, and say what to do')
    .option(
      '-c, --config <file>',
      'policy file (else the one of the running daemon, or policy.yaml in the state directory)',
    )
    .option(...json)
    .action(async (options) => (await import('./doctor.ts')).doctor(options));

  program
    .command('enrol')
    .description("have this computer's key certified: write the request, or take the certificate")
    .option('--out <file>', 'where the request goes (else in the state directory)')
    .option('--certificate <file>', 'take this certificate')
    .option('--ca <file>', 'public key of the authority (else organisation.ca of the policy)')
    .option('-c, --config <file>', 'policy file (else policy.yaml in the state directory)')
    .option(...json)
    .action(async (options) => (await import('./enrol.ts')).enrol(options));

  program
    .command('audit')
    .description("look after this computer's record of sessions")
    .command('verify')
    .description('check that nothing in the record was changed or removed')
    .argument('[directory]', 'the log (else the one in the state directory)')
    .option('--key <key>', "the machine's verifier key (else the one beside the log)")
    .option(...json)
    .action(async (directory, options) => (await import('./audit-verify.ts')).verifyAudit(directory, options));
  return program;
}
