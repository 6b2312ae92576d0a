import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { CANARY, controlsIn, INJECTION_BYTES, INJECTIONS, reaches, wrapped } from '../../test/fixtures/injection.ts';
import { sanitiseLine, sanitiseText } from './sanitise.ts';
import { Screen } from './screen.ts';
import { cellWidth } from './sgr.ts';

const SIZE = { cols: 60, rows: 8 };
const UNENDED = /^unterminated|Linux console/;

/** Nothing but text and SGR, within the screen, and nothing of the attacker's in what goes back to the machine. */
function expectHarmless(screen: Screen, replies: readonly string[]): void {
  const lines = screen.lines();
  expect(lines).toHaveLength(SIZE.rows);
  for (const line of lines) {
    expect(controlsIn(line, { sgr: true })).toEqual([]);
    expect(cellWidth(line)).toBeLessThanOrEqual(SIZE.cols);
  }
  for (const reply of replies) {
    expect(reply).not.toContain(CANARY);
    expect(reply).not.toMatch(/[\r\n]/);
  }
}

async function writeInPieces(screen: Screen, bytes: Buffer, size: number): Promise<void> {
  const pieces: Promise<void>[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(screen.write(bytes.subarray(at, at + size)));
  await Promise.all(pieces);
}

describe('an injected sequence does nothing to the reader’s terminal', () => {
  for (const injection of INJECTIONS) {
    describe(injection.name, () => {
      const text = wrapped(injection);

      it('in a name or message', () => {
        const line = sanitiseLine(text, 60_000);
        expect(controlsIn(line)).toEqual([]);
        expect(reaches(injection, line)).toBe(false);
        expect(line).toBe(`before${injection.leaves ?? ''}${UNENDED.test(injection.name) ? '' : 'after'}`);
        const lines = sanitiseText(`above\n${text}\nbelow`);
        expect(controlsIn(lines).filter((code) => code !== 'U+000a')).toEqual([]);
        expect(lines.startsWith('above\nbefore')).toBe(true);
        expect(lines.endsWith('\nbelow')).toBe(true);
      });

      it('in the output of a shell, whole and byte by byte', async () => {
        const bytes = Buffer.from(text.slice(0, 500));
        for (const size of [bytes.length, 1]) {
          using screen = new Screen(SIZE);
          const replies: string[] = [];
          using _ = screen.onReply((reply) => replies.push(reply));
          await writeInPieces(screen, bytes, size);
          expectHarmless(screen, replies);
          expect(reaches(injection, screen.lines().join('\n'))).toBe(false);
        }
      });
    });
  }

  for (const { name, bytes } of INJECTION_BYTES) {
    it(`${name}, as bytes`, async () => {
      expect(controlsIn(sanitiseLine(`a${bytes.toString('utf8')}b`))).toEqual([]);
      expect(controlsIn(sanitiseLine(`a${bytes.toString('latin1')}b`))).toEqual([]);
      for (const size of [bytes.length, 1]) {
        using screen = new Screen(SIZE);
        const replies: string[] = [];
        using _ = screen.onReply((reply) => replies.push(reply));
        await writeInPieces(screen, bytes, size);
        expectHarmless(screen, replies);
      }
    });
  }
});

describe('the fixture itself', () => {
  it('finds every payload where nobody sanitised', () => {
    const harmless = INJECTIONS.filter(
      ({ name }) => !/stays text|split by|with controls inside|sequence in a/.test(name),
    );
    for (const injection of harmless) expect(reaches(injection, wrapped(injection)), injection.name).toBe(true);
  });

  it('has one name for each', () => {
    const names = [...INJECTIONS, ...INJECTION_BYTES].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('knows an emoji whose parts take more cells than it says', () => {
    expect(stringWidth('👩\u200d👩\u200d👧\u200d👦')).toBe(2);
    expect(cellWidth(sanitiseLine('👩\u200d👩\u200d👧\u200d👦'))).toBe(8);
  });
});
