// Charts are large to load: nobody waits for them before they look at vitals.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

const STATIC = /^(?:import|export) (?!type )(?:[^'";]*? from )?'(\.[^']+)'/gm;

/** `file` and all that is loaded along with it. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(STATIC)) {
    loadedWith(resolve(dirname(file), path), found);
  }
  return found;
}

it('comes with the vitals, and not with the dashboard', () => {
  const dashboard = [...loadedWith(resolve(import.meta.dirname, '../run.tsx'))];
  expect(dashboard.some((file) => file.endsWith('/session/vitals-tab.tsx'))).toBe(true);
  expect(dashboard.filter((file) => file.includes('/charts/'))).toEqual([]);
  expect([...loadedWith(resolve(import.meta.dirname, '../vitals.ts'))].join()).toContain('/charts/offscreen.ts');
});
