// The newest version of the organisation's policy that this machine has obeyed: an older one, however well signed, is
// somebody putting back what was changed for a reason.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PolicyUnusable } from './errors.ts';

const FILE = 'organisation-policy.json';

const SeenVersion = z.strictObject({ version: z.int().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type SeenVersion = z.infer<typeof SeenVersion>;

/** Null when none was ever obeyed. @throws PolicyUnusable when the note is there and cannot be understood */
export async function readSeenVersion(home: string): Promise<SeenVersion | null> {
  const file = join(home, FILE);
  try {
    return SeenVersion.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new PolicyUnusable(
      `${file}, which says how new the organisation's policy must be, is damaged`,
      'delete it once you have made sure that the newest policy is in place',
      cause,
    );
  }
}

/** Replaces the note in one step: after a crash the former one or the new one is there, whole. */
export async function writeSeenVersion(home: string, { version, sha256 }: SeenVersion): Promise<void> {
  const file = join(home, FILE);
  await writeFile(`${file}.new`, `${JSON.stringify({ version, sha256 })}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
