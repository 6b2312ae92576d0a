import { describe, expect, it } from 'vitest';
import { BINDINGS, bindingFor, keyBar, keyLabel, PLACES, type Place } from './bindings.ts';
import { LEAVE_KEY } from './terminal/input-router.ts';

/** Places that are active at the same time: there a key must mean one thing. */
const TOGETHER: readonly (readonly Place[])[] = [
  ['everywhere', 'list', 'home'],
  ['everywhere', 'session', 'shellTab'],
  ['everywhere', 'session', 'list'],
  ['everywhere', 'session', 'vitals'],
  ['everywhere', 'session', 'list', 'diagnostics'],
  ['everywhere', 'session', 'list', 'running'],
  ['everywhere', 'session', 'list', 'result'],
  ['everywhere', 'session', 'chat'],
  ['everywhere', 'list', 'receipt'],
  ['everywhere', 'list', 'record'],
  ['everywhere', 'replay'],
  ['everywhere', 'waiting'],
];

describe('the table of keys', () => {
  it.each(TOGETHER.map((places) => [places.join(' + '), places] as const))(
    'has no key with two meanings in %s',
    (_, places) => {
      const keys = BINDINGS.filter(({ where }) => places.includes(where)).flatMap(({ keys }) => keys);
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    },
  );

  it('names each binding once', () => {
    const ids = BINDINGS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows the one reserved key wherever a shell has the keyboard, and nothing else works there', () => {
    expect(keyBar(['shell'])).toEqual([{ key: 'Ctrl-]', words: 'leave the shell' }]);
    expect(bindingFor('shell', LEAVE_KEY)).toBe('shell.leave');
    expect(BINDINGS.filter(({ where }) => where === 'shell')).toHaveLength(1);
  });

  it('has help words for every place', () => {
    for (const { where, words } of BINDINGS) {
      expect(PLACES[where]).toBeTruthy();
      expect(words).not.toBe('');
    }
  });

  it('writes keys as people do', () => {
    expect(['ctrl+c', 'pageup', '?', 'f1', 'shift+tab'].map(keyLabel)).toEqual([
      'Ctrl-C',
      'PgUp',
      '?',
      'F1',
      'Shift-Tab',
    ]);
  });
});
