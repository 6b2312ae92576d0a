// The first thing that runs on a session's pty: it closes what leaked in, then becomes the program.
//
// node-pty opens pty masters without close-on-exec, so a shell would inherit the master of every other session: it could
// read their screens and type into them. Node has no call to set the flag, and dash can name only ten descriptors.

import { ProgramMissing } from './command.ts';
import { isExecutable } from './executable.ts';

const BASH = '/bin/bash';
// No redirection around the loop: bash would keep the original in a descriptor that the loop closes.
const CLOSE = `for fd in /dev/fd/*; do fd="\${fd##*/}"; [[ $fd == [3-9] || $fd == [1-9][0-9]* ]] && eval "exec $fd>&-"; done; `;

/**
 * The argv that closes all descriptors but the terminal's three and then runs `argv`.
 * @param announce descriptor 3 becomes a copy of the terminal, for the announcement of a namespace
 * @throws ProgramMissing where there is no bash
 */
export function launch(argv: readonly string[], announce: boolean): [program: string, ...args: string[]] {
  if (!isExecutable(BASH)) throw new ProgramMissing(BASH);
  // -p: neither BASH_ENV nor functions from the environment are read
  return [BASH, '-p', '-c', `${CLOSE}exec "$@"${announce ? ' 3>&1' : ''}`, 'launch', ...argv];
}
