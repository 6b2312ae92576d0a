// The commands of chaperone-hub and their options. What a command does is loaded when it is called.

import type { Command } from 'commander';
import { newProgram, runProgram } from '../../protocol/command-line.ts';
import { reportError } from './output.ts';

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
    'chaperone-hub',
    "The organisation's program: who is a technician, and which machine is which.",
  );
  const authority = program.command('ca').description('the certificate authority');
  const at = (command: Command): Command =>
    command
      .option('-d, --dir <directory>', 'where the authority is (else in the state directory)')
      .option('--json', 'print as JSON');
  const unlocking = (command: Command): Command =>
    at(command).option('--passphrase-file <file>', 'read the passphrase from the first line of this file');

  unlocking(authority.command('init'))
    .description('make the authority')
    .option('-n, --name <name>', 'what it is called', 'chaperone authority')
    .option('--keychain', 'keep its key in the keychain of this computer')
    .option('--no-passphrase', 'keep its key in a file that is not locked')
    .action(async (options) => (await import('./ca-init.ts')).initAuthority(options));

  unlocking(authority.command('sign'))
    .description("certify a technician's key, or a machine with --machine")
    .argument('<file>', "the technician's .pub file, or what chaperoned enrol wrote")
    .option('--machine', 'the file is the request of a machine')
    .option('-n, --name <name>', "the person's name (else, for a machine, its own)")
    .option('-p, --phone <number>', 'number under which the person can be called back')
    .option('-o, --org <organisation>', 'for whom the person works')
    .option('-t, --title <title>', 'such as "IT support"')
    .option('-r, --role <role...>', 'what policies allow it by (default: technician)')
    .option('-v, --valid <length>', 'such as 90d, 52w or 12h (default: 90d, machines 52w)')
    .option('--out <file>', 'where the certificate goes (else beside the file, with -cert.pub)')
    .option('--force', 'replace a certificate of another authority that lies there')
    .action(async (file, options) => (await import('./ca-sign.ts')).sign(file, options));

  unlocking(authority.command('revoke'))
    .description('take a certificate or a key back, and write the signed list for machines')
    .argument('[what]', 'number of a certificate, SHA256:…, a .pub or a -cert.pub file (none: only write the list)')
    .option('-r, --reason <text>', 'why, for the ledger')
    .option('--krl', "write OpenSSH's own format as well")
    .action(async (what, options) => (await import('./ca-revoke.ts')).revokeCommand(what, options));

  at(authority.command('list'))
    .description('list what was certified and what was taken back')
    .option('--valid', 'only what is valid now')
    .action(async (options) => (await import('./ca-list.ts')).list(options));
  return program;
}
