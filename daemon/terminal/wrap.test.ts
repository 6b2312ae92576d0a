// A command on the question is the command that runs: no two look the same, however they are broken into lines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../protocol/terminal/sgr.ts';
import { wrapExactly, wrapLatest } from './wrap.ts';

const command = fc.string({ unit: fc.constantFrom('a', ' ', '/', '»', 'é', '漢', '👍'), maxLength: 200 });
const joined = (lines: readonly string[]) => lines.map((line, index) => (index === 0 ? line : line.slice(2))).join('');

describe('a command broken into lines', () => {
  it('is all there, character by character', () => {
    fc.assert(
      fc.property(command, fc.integer({ min: 10, max: 80 }), (text, width) => {
        const lines = wrapExactly(text, width);
        expect(joined(lines)).toBe(text);
        for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(width);
        for (const line of lines.slice(1)) expect(line.startsWith('» ')).toBe(true);
      }),
    );
  });

  it('shows spaces and words that were broken', () => {
    const path = '/'.padEnd(76, 'y');
    expect(wrapExactly(`${path} /`, 76)).not.toEqual(wrapExactly(`${path}/`, 76));
    expect(wrapExactly(`${path}  z`, 76)).not.toEqual(wrapExactly(`${path} z`, 76));
  });
});

it('shows the latest lines from their beginning, and cuts them at the end only', () => {
  const lines = ['somebody looks at it', 'The technician suggests: rm -rf /tmp/nosuch'];
  const shown = (room: number) => wrapLatest(lines, 20, room).map(({ text }) => text);
  expect(shown(2)).toEqual(['The technician', 'suggests: rm -rf …']);
  expect(shown(4)).toEqual(['somebody looks at it', 'The technician', 'suggests: rm -rf', '/tmp/nosuch']);
  const cut = wrapLatest(['one two three four', 'five'], 10, 2).map(({ text }) => text);
  expect(cut).toEqual(['one two …', 'five']);
});
