import { describe, expect, it } from 'vitest';
import { Indicator } from './indicator.ts';

describe('promise 6: the indicator tells the truth', () => {
  it('is up while at least one window shows it, and says once when the last is gone', () => {
    const indicator = new Indicator();
    let told = 0;
    indicator.down.on(() => {
      told += 1;
    });
    expect(indicator.up).toBe(false);
    const prompt = indicator.show();
    const watch = indicator.show();
    prompt[Symbol.dispose]();
    expect([indicator.up, told]).toEqual([true, 0]);
    watch[Symbol.dispose]();
    watch[Symbol.dispose]();
    expect([indicator.up, told]).toEqual([false, 1]);
  });
});
