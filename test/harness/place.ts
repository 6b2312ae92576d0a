// Where the compiled programs stand that end-to-end tests run.

import { resolve } from 'node:path';
import { env } from 'node:process';

export const PROJECT = resolve(import.meta.dirname, '../..');
/** Moved by whoever builds somewhere else than into `dist/`. */
const DIST = env.CHAPERONE_TEST_DIST ?? resolve(PROJECT, 'dist');

/** Full paths, for `node`. */
export const CHAPERONED = resolve(DIST, 'daemon/main.js');
export const CHAPERONE = resolve(DIST, 'tui/main.js');
