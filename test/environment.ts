// Gives each test file the same surroundings, wherever it runs: loaded by vitest before every test file.
import { join } from 'node:path';
import { env } from 'node:process';
import { MISSING_PROGRAMS_FAIL } from './requires.ts';

if (env.CI === 'true' || env.CI === '1') env[MISSING_PROGRAMS_FAIL] = '1';

// Ink draws nothing but the last frame where it sees a build server, and colour libraries guess from the same variables.
for (const name of Object.keys(env)) {
  if (name === 'CI' || name.startsWith('CI_') || name === 'CONTINUOUS_INTEGRATION' || name === 'GITHUB_ACTIONS') {
    delete env[name];
  }
}
for (const name of ['NO_COLOR', 'FORCE_COLOR', 'COLORTERM', 'CHAPERONE_HOME']) delete env[name];

// The programs that tests start are compiled once for all of them, not once for each.
env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled-for-tests');
