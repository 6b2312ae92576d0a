// The first thing that runs of all that a session starts: it closes what leaked in, then becomes the program.
//
// node-pty opens pty masters without close-on-exec, so a shell or a command would inherit the master of every other session: it
// could read their screens and type into them. Node has no call to set the flag, and dash can name only ten descriptors.

import { isExecutable } from './executable.ts';
import { ProgramMissing } from './program-errors.ts';

const BASH = '/bin/bash';

export interface Lack {
  /** What is not there, and what cannot be done without it. */
  readonly words: string;
  readonly todo: string;
}

/** What keeps every program of a session from being started here; null where nothing does. */
export function launcherLack(): Lack | null {
  if (isExecutable(BASH)) return null;
  return {
    words: `${BASH} is not there or cannot be run: no shell, no suggested command and no health check that is a program can be started`,
    todo: `install bash so that ${BASH} is there (Debian: apt-get install bash)`,
  };
}

/** What descriptor 3 becomes: nothing, a copy of the first output, or the pipe that it is already. */
export type Announcement = 'none' | 'to-output' | 'to-its-pipe';

const AFTERWARDS: Record<Announcement, string> = { none: '', 'to-output': ' 3>&1', 'to-its-pipe': '' };

/** No redirection around the loop: bash would keep the original in a descriptor that the loop closes. */
function close(first: 3 | 4): string {
  return `for fd in /dev/fd/*; do fd="\${fd##*/}"; [[ $fd == [${first}-9] || $fd == [1-9][0-9]* ]] && eval "exec $fd>&-"; done; `;
}

/**
 * The argv that closes all descriptors but the first three and then runs `argv`.
 * @param announcement where a namespace writes to on descriptor 3
 * @throws ProgramMissing where there is no bash
 */
export function launch(argv: readonly string[], announcement: Announcement): [program: string, ...args: string[]] {
  if (!isExecutable(BASH)) throw new ProgramMissing(BASH);
  // -p: neither BASH_ENV nor functions from the environment are read
  return [
    BASH,
    '-p',
    '-c',
    `${close(announcement === 'to-its-pipe' ? 4 : 3)}exec "$@"${AFTERWARDS[announcement]}`,
    'launch',
    ...argv,
  ];
}
