// Tests that drive programs of the system: skipped by name where one is missing, a failure where all must run (CI=true).
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { describe, expect, it } from 'vitest';

/** Name of the variable that stands for CI=true, which tests themselves do not see (environment.ts). */
export const MISSING_PROGRAMS_FAIL = 'CHAPERONE_MISSING_PROGRAMS_FAIL';
/** Where sshd is installed, which only root's PATH names. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

/** Path of a program, from PATH or from the folders of system programs; undefined where it is not installed. */
export function findProgram(program: string): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** True when all of the programs are installed. */
export function requires(programs: string | readonly string[]): boolean {
  return missing(programs).length === 0;
}

function missing(programs: string | readonly string[]): string[] {
  return [programs].flat().filter((program) => findProgram(program) === undefined);
}

/** A `describe` that needs programs of the system, such as `describeWith(['tmux', 'sshd'], 'ending', () => …)`. */
export function describeWith(programs: string | readonly string[], name: string, tests: () => void): void {
  const absent = missing(programs);
  if (absent.length === 0) {
    describe(name, tests);
  } else if (env[MISSING_PROGRAMS_FAIL] === '1') {
    describe(name, () => {
      it(`needs ${absent.join(', ')}`, () => {
        expect.fail(`not installed: ${absent.join(', ')} (scripts/setup installs them as root on Debian)`);
      });
    });
  } else {
    describe.skip(`${name} (not installed: ${absent.join(', ')})`, tests);
  }
}
