// What no single key of the policy can know: doubles, and roles that nobody defined.

import { z } from 'zod';
import { nearest } from '../../protocol/nearest-word.ts';
import type { Complaint } from './complaint.ts';
import { formatListenAddress, ListenAddressText } from './listen-address.ts';
import { RoleScopes, TechnicianEntry } from './schema.ts';
import { SETTINGS } from './settings.ts';

const Organisation = z.looseObject({
  policy: z.string(),
  ca: z.unknown().optional(),
  policySigner: z.unknown().optional(),
});

/**
 * Looks at the parts of `file` (as YAML gave it) that are sound by themselves, so that these problems are listed
 * together with all others.
 */
export function crossCheck(file: unknown): Complaint[] {
  const section = (name: string): unknown =>
    typeof file === 'object' && file !== null && Object.hasOwn(file, name) ? Reflect.get(file, name) : undefined;
  const complaints: Complaint[] = [];
  const roles = RoleScopes.safeParse(section('scopes') ?? SETTINGS.scopes.builtIn());
  const known = roles.success ? Object.keys(roles.data) : null;
  const firstUse = new Map<string, number>();
  const once = (kind: string, value: string, index: number, key: string): void => {
    const former = firstUse.get(`${kind} ${value}`);
    if (former === undefined) {
      firstUse.set(`${kind} ${value}`, index);
      return;
    }
    complaints.push({
      path: ['technicians', index, key],
      message: `technicians[${former}] already has this ${kind}`,
      hint: kind === 'key' ? 'each technician needs a key of their own' : 'add what tells them apart',
    });
  };
  for (const [index, value] of listOf(section('technicians')).entries()) {
    const entry = TechnicianEntry.safeParse(value);
    if (!entry.success) continue;
    once('name', entry.data.name.toLowerCase(), index, 'name');
    once('key', entry.data.key.fingerprint, index, 'key');
    if (known !== null && !known.includes(entry.data.role)) {
      const word = nearest(entry.data.role, known);
      complaints.push({
        path: ['technicians', index, 'role'],
        message: `no role "${entry.data.role}" stands under scopes`,
        hint: word === undefined ? `roles are: ${known.join(', ')}` : `did you mean "${word}"?`,
      });
    }
  }
  const organisation = Organisation.safeParse(section('organisation'));
  if (organisation.success && organisation.data.ca === undefined && organisation.data.policySigner === undefined) {
    complaints.push({
      path: ['organisation', 'policy'],
      message: 'nobody is named who may sign it',
      hint: 'name the key under policySigner, or the CA under ca',
    });
  }
  const addresses = new Set<string>();
  for (const [index, value] of listOf(section('listen')).entries()) {
    const address = ListenAddressText.safeParse(value);
    if (!address.success || address.data.port === 0) continue;
    const written = formatListenAddress(address.data);
    if (addresses.has(written))
      complaints.push({ path: ['listen', index], message: 'this is listed twice', hint: null });
    addresses.add(written);
  }
  return complaints;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
