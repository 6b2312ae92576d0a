import { describe, expect, it } from 'vitest';
import { KeyBus, LAYER, type Layer } from './key-bus.ts';

function bus(...parts: { name: string; layer: Layer; wants: string; modal?: boolean }[]) {
  const keys = new KeyBus();
  const got: string[] = [];
  for (const { name, layer, wants, modal = false } of parts) {
    keys.add({
      layer,
      modal,
      handle: (key) => {
        if (!wants.includes(key.name)) return false;
        got.push(`${name}:${key.name}`);
        return true;
      },
    });
  }
  return { got, press: (name: string) => keys.dispatch({ name, text: name }) };
}

describe('a key goes', () => {
  const screen = { name: 'screen', layer: LAYER.screen, wants: 'qe' };
  const field = { name: 'field', layer: LAYER.field, wants: 'eax' };
  const everywhere = { name: 'everywhere', layer: LAYER.everywhere, wants: '?q' };

  it('to the innermost part that wants it', () => {
    const { got, press } = bus(screen, everywhere, field);
    for (const key of 'eq?') press(key);
    expect(got).toEqual(['field:e', 'screen:q', 'everywhere:?']);
    expect(press('z')).toBe(false);
  });

  it('past a question to nothing but what works everywhere', () => {
    const { got, press } = bus(screen, everywhere, {
      name: 'question',
      layer: LAYER.question,
      wants: 'y',
      modal: true,
    });
    for (const key of 'yeq') press(key);
    expect(got).toEqual(['question:y', 'everywhere:q']);
  });
});
