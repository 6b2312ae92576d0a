// Tests that drive programs of the system: skipped by name where one is missing, a failure where all must run (CI=true).
import { env } from 'node:process';
import { describe, expect, it } from 'vitest';
import { findProgram } from './programs.ts';

/** Name of the variable that stands for CI=true, which tests themselves do not see (environment.ts). */
export const MISSING_PROGRAMS_FAIL = 'CHAPERONE_MISSING_PROGRAMS_FAIL';

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
