// Lets Node keep what it compiled, which makes the second start faster. In a directory of the technician's own: the
// usual place is shared by all users of a computer, and what lies there is run.

import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { privateDirectory, technicianHome } from '../../protocol/home.ts';

/** Does nothing on a computer where this program keeps nothing yet, and never fails. */
export function cacheCompiledCode(): void {
  try {
    const home = technicianHome();
    if (existsSync(home)) {
      enableCompileCache(privateDirectory(join(home, 'compile-cache')));
    }
  } catch {
    // Only speed is at stake; what is wrong with the directory is said by whoever needs it.
  }
}
