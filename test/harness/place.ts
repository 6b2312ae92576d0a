// Where the compiled programs stand that end-to-end tests run.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { env } from 'node:process';

export const PROJECT = resolve(import.meta.dirname, '../..');
/** Moved by whoever builds somewhere else than into `dist/`. */
const DIST = env.CHAPERONE_TEST_DIST ?? resolve(PROJECT, 'dist');

/** Full paths, for `node`. */
export const CHAPERONED = resolve(DIST, 'daemon/main.js');
export const CHAPERONE = resolve(DIST, 'tui/main.js');
export const HUB = resolve(DIST, 'hub/main.js');

/** With what flags its first line asks Node to run the daemon; none before it is built. */
export const CHAPERONED_FLAGS: readonly string[] = flagsOf(CHAPERONED);

function flagsOf(program: string): string[] {
  if (!existsSync(program)) return [];
  const [first = ''] = readFileSync(program, 'utf8').split('\n', 1);
  return /^#!\/usr\/bin\/env -S node (.+)$/.exec(first)?.[1]?.split(' ') ?? [];
}
