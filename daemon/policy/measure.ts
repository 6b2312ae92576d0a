// Amounts as people write them in the policy: one whole number and its unit, such as `60s` or `4GiB`.

import { z } from 'zod';

export interface MeasureWords {
  /** Ends the sentence about what is none: `a length of time`. */
  readonly what: string;
  /** The units in words: `s, m, h or d`. */
  readonly unitsInWords: string;
}

export class Measure<U extends string> {
  /** In the smallest thing that is counted, by what is written; the smallest unit first. */
  readonly #units: Readonly<Record<U, number>>;
  readonly #words: MeasureWords;
  readonly #written: RegExp;

  constructor(units: Readonly<Record<U, number>>, words: MeasureWords) {
    this.#units = units;
    this.#words = words;
    this.#written = new RegExp(`^(\\d{1,9})(${Object.keys(units).join('|')})$`);
  }

  /** A schema for an amount between `min` and `max` (both as written, both allowed). */
  between(min: string, max: string) {
    const [least, most] = [this.#read(min) ?? 0, this.#read(max) ?? 0];
    return z
      .union([z.string(), z.number()]) // a number without its unit gets a better answer than "put quotes round it"
      .transform((written, context) => {
        const value = typeof written === 'string' ? this.#read(written) : null;
        const [message, hint] =
          value === null
            ? [
                `${JSON.stringify(written)} is not ${this.#words.what}`,
                `write a whole number and ${this.#words.unitsInWords}, such as ${min}`,
              ]
            : [`${written} is out of bounds`, `from ${min} to ${max}`];
        if (value !== null && value >= least && value <= most) return value;
        context.addIssue({ code: 'custom', message, params: { hint } });
        return z.NEVER;
      })
      .meta({ type: 'string', pattern: this.#written.source, examples: [min, max] });
  }

  /** As a policy writes it, in the largest unit that gives a whole number, and never more than it is. */
  format(amount: number): string {
    const units = this.#largestFirst();
    const [unit, size] = units.find(([, each]) => amount >= each && amount % each === 0) ?? units.at(-1) ?? ['', 1];
    return `${Math.floor(amount / size)}${unit}`;
  }

  #read(written: string): number | null {
    const [, count, unit] = this.#written.exec(written) ?? [];
    const size = this.#largestFirst().find(([name]) => name === unit)?.[1];
    return count === undefined || size === undefined ? null : Number(count) * size;
  }

  #largestFirst(): [string, number][] {
    return Object.entries<number>(this.#units).sort(([, a], [, b]) => b - a);
  }
}
