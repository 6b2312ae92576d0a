import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GUARDS } from './matrix.ts';
import { disabled, GuardNotThere } from './mutation.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

describe('the guard matrix fits the source', () => {
  it.each(GUARDS)('$name', (guard) => {
    const source = readFileSync(join(PROJECT, guard.file), 'utf8');
    const without = disabled(guard, source);
    expect(without).not.toBe(source);
    expect(() => stripTypeScriptTypes(without)).not.toThrow();
    expect(existsSync(join(PROJECT, guard.test))).toBe(true);
    expect(guard.named).not.toBe('');
    expect(readFileSync(join(PROJECT, guard.test), 'utf8')).toContain(guard.named);
  });

  it('names no guard twice', () => {
    const names = GUARDS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('is loud about a text that is not there, or there twice', () => {
    const guard = { name: 'a door', file: 'door.ts', find: 'shut', replace: 'open', test: 'door.test.ts', named: 'x' };
    expect(disabled(guard, 'shut $&')).toBe('open $&');
    expect(() => disabled(guard, 'ajar')).toThrow(GuardNotThere);
    expect(() => disabled(guard, 'shut shut')).toThrow('2 times');
    expect(() => disabled({ ...guard, find: '' }, 'shut')).toThrow(GuardNotThere);
  });
});
