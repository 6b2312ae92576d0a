// The sample policy that ships with the documentation, wherever this package stands (sources or dist).

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChaperoneError } from '../../protocol/errors.ts';

const PLACE = join('docs', 'examples', 'policy.yaml');
const LEVELS = 5; // from dist/daemon/policy up to the package, with room to spare

/** Text of the sample, comments and all. */
export function sampleText(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < LEVELS; level += 1) {
    if (existsSync(join(directory, PLACE))) return readFileSync(join(directory, PLACE), 'utf8');
    directory = dirname(directory);
  }
  throw new ChaperoneError('the sample policy is missing from this installation', { hint: 'install Chaperone again' });
}
