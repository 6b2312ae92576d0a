// What the recordings of a shell hold: the machine's, and the technician's own copy of what reached them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Story } from './story.ts';

const CastEvent = z.tuple([z.number(), z.string(), z.string()]);

/** All output in an asciicast v2 file, in order. Throws when any line of it cannot be read. */
export function outputOf(file: string): string {
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => CastEvent.parse(JSON.parse(line)))
    .filter(([, kind]) => kind === 'o')
    .map(([, , text]) => text)
    .join('');
}

/** The machine's recording of a shell. */
export function machineCast({ machine }: Story, session: string, shell = 1): string {
  return join(machine.home, 'sessions', session, `shell-${shell}.cast`);
}

/** The technician's copy. */
export function technicianCast(at: Story, session: string, technician?: string): string {
  const home = at.technicianEnvironment(technician).CHAPERONE_HOME ?? '';
  return join(home, 'technician', 'sessions', session, 'shell-1.cast');
}
