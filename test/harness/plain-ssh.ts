// Plain OpenSSH as a technician's program that nobody watches: its prompts are answered by an askpass program.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramResult } from './run-program.ts';
import { runProgram } from './run-program.ts';

export interface PlainSshOptions {
  /** Where the askpass program may be put. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The one-time code. @default one that is never right */
  readonly code?: string;
  /** Each as `-o` takes it; which identity to use, for one. */
  readonly settings: readonly string[];
  /** What the shell reads. */
  readonly input?: string;
  /** Added to a bare environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Asks for a shell on a terminal (`ssh -tt`) and runs to the end. */
export function plainSsh(options: PlainSshOptions): Promise<ProgramResult> {
  const askpass = join(options.directory, `askpass-${process.pid}-${options.port}`);
  writeFileSync(
    askpass,
    `#!/bin/sh
case "$1" in
  *code*) echo "$ONE_TIME_CODE" ;;
  *Reason*) echo "the printer prints blank pages" ;;
  *Ticket*) echo T-1001 ;;
  *) echo shell diagnostics ;;
esac
`,
  );
  chmodSync(askpass, 0o700);
  const settings = [
    ...options.settings, // ssh keeps to the first that it reads
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'LogLevel=INFO',
  ].flatMap((setting) => ['-o', setting]);
  const target = `${options.user}@${options.host}`;
  return runProgram(['ssh', '-F', '/dev/null', '-tt', ...settings, '-p', String(options.port), target], {
    environment: {
      PATH: process.env.PATH,
      HOME: options.directory,
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      ONE_TIME_CODE: options.code ?? '11-wrong-guess',
      ...options.environment,
    },
    input: options.input ?? '',
    keepInputOpen: true,
  });
}
