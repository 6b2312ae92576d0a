import { describe, expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import { BINDINGS, keyBar, PLACES, type Place } from '../bindings.ts';
import { keyBarRow } from './key-bar.ts';

describe('the key bar', () => {
  it('shows whole hints, the important ones first', () => {
    const hints = [
      { key: 'Enter', words: 'open' },
      { key: 'n', words: 'a very long explanation' },
      { key: 'q', words: 'quit' },
    ];
    expect(unstyled(keyBarRow(hints, 22))).toBe(' Enter open  q quit   ');
    expect(unstyled(keyBarRow(hints, 60)).trim()).toBe('Enter open  n a very long explanation  q quit');
  });

  it('leaves out what would do nothing now', () => {
    expect(keyBar(['record']).map(({ words }) => words)).toContain('replay');
    expect(keyBar(['record'], ['record.replay']).map(({ words }) => words)).not.toContain('replay');
  });

  it('has room at 60 columns for the first two keys of every place', () => {
    for (const place of Object.keys(PLACES) as Place[]) {
      const hints = keyBar([place]);
      const row = unstyled(keyBarRow(hints, 60));
      for (const { key, words } of hints.slice(0, 2)) expect(row).toContain(`${key} ${words}`);
    }
    expect(BINDINGS.length).toBeGreaterThan(0);
  });
});
