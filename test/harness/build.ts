// Vitest's global set-up: end-to-end tests run what is compiled, so it is compiled once, before the first of them.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { PROJECT } from './place.ts';

/** Set once it is done, in this run of vitest. */
const BUILT = 'CHAPERONE_TEST_BUILT';

export default function build(): void {
  // scripts/test has built already, and so has whoever names another place.
  if (env.CHAPERONE_TEST_SUMMARY !== undefined || env.CHAPERONE_TEST_DIST !== undefined || env[BUILT] === '1') return;
  env[BUILT] = '1'; // two projects ask for it
  execFileSync(join(PROJECT, 'scripts/build'), { stdio: 'inherit' });
}
