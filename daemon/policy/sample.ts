// The sample policy and the schemas that ship with the documentation, wherever this package stands (sources or dist).

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChaperoneError } from '../../protocol/errors.ts';

const SAMPLE = join('docs', 'examples', 'policy.yaml');
const SCHEMA = join('docs', 'policy.schema.json');
const LEVELS = 5; // from dist/daemon/policy up to the package, with room to spare

/** Text of the sample, comments and all. Editors find the schema in this installation. */
export function sampleText(): string {
  return readFileSync(shipped(SAMPLE), 'utf8').replace(/(\$schema=)\S+/, (_, name) => `${name}${shipped(SCHEMA)}`);
}

function shipped(place: string): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < LEVELS; level += 1) {
    if (existsSync(join(directory, place))) return join(directory, place);
    directory = dirname(directory);
  }
  throw new ChaperoneError(`${place} is missing from this installation`, { hint: 'install Chaperone again' });
}
