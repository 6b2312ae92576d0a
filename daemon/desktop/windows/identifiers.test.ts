import { describe, expect, it } from 'vitest';
import { findIdentifiers } from './identifiers.ts';

const found = (text: string) => findIdentifiers(text).map(({ text: words }) => words);

describe('what may name a patient in a call for help', () => {
  it('is pointed out with its kind', () => {
    expect(findIdentifiers('MRN: 00123456 cannot be printed')).toEqual([
      { kind: 'a record number', text: 'MRN: 00123456' },
    ]);
    expect(found('the chart of patient Ada Brown')).toContain('patient Ada Brown');
    expect(found('SSN 078-05-1120')).toEqual(['078-05-1120']);
    expect(found('DOB 04/12/1961, mail ada@example.org')).toEqual(['DOB 04/12/1961', 'ada@example.org']);
    expect(found('call me at +1 555 010 0199')).toEqual(['+1 555 010 0199']);
  });

  it('is not seen in ordinary complaints', () => {
    for (const text of [
      'the printer on floor 2 prints blank pages',
      'error 0x80070005 since 9:30',
      'patient list does not open',
    ])
      expect(found(text)).toEqual([]);
  });

  it('is searched for in linear time, and the list is short', () => {
    expect(findIdentifiers('a-'.repeat(100_000))).toEqual([]);
    expect(found(Array.from({ length: 500 }, (_, index) => `MRN ${10_000 + index}`).join(' ')).length).toBe(20);
  });
});
