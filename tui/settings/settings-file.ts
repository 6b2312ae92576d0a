// The shape of settings.json, and how older shapes become this one.

import { z } from 'zod';
import { parsePublicLine } from '../../protocol/identity/public-key.ts';
import { ScopeList } from '../../protocol/scopes.ts';

export const SETTINGS_VERSION = 1;

const Path = z.string().min(1).max(4096);

export const SettingsFile = z.strictObject({
  v: z.literal(SETTINGS_VERSION),
  identity: Path.optional(),
  certificate: Path.optional(),
  scopes: ScopeList.optional(),
  knownHosts: z.array(Path).max(16).optional(),
  hashKnownHosts: z.boolean().optional(),
  hostAuthorities: z
    .array(z.string().max(8192).refine(isPublicKey, 'a key is written like ssh-ed25519 AAAA…'))
    .max(64)
    .optional(),
});
export type SettingsFile = z.infer<typeof SettingsFile>;

function isPublicKey(line: string): boolean {
  try {
    parsePublicLine(line);
    return true;
  } catch {
    return false;
  }
}

/** Steps from each version to the next, the first from version 0, which had no number. */
const MIGRATIONS: readonly ((value: Record<string, unknown>) => Record<string, unknown>)[] = [
  (value) => ({ ...value, v: 1 }),
];

/** Settings of this version from those of any earlier one; later ones are left for the schema to refuse. */
export function migrate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  let current: Record<string, unknown> = { ...value };
  const version = typeof current.v === 'number' ? current.v : 0;
  for (const step of MIGRATIONS.slice(version)) {
    current = step(current);
  }
  return current;
}
