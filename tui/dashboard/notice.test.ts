import { describe, expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import { noticeOverlay } from './notice.ts';
import { wrapWords } from './wrap-words.ts';

const notice = {
  meaning: 'warning',
  title: 'The local user paused the session',
  lines: ['Nothing you type is sent, and nothing new is shown, until the local user resumes.'],
  keys: ['Enter  close'],
} as const;

describe('a notice', () => {
  it('is a small box in the middle', () => {
    const { rect, rows } = noticeOverlay(notice, { x: 0, y: 3, cols: 80, rows: 20 });
    expect(rows.map(unstyled)).toEqual(
      [
        '╭──────────────────────────────────────────────────────────────╮',
        '│ The local user paused the session                            │',
        '│                                                              │',
        '│ Nothing you type is sent, and nothing new is shown, until    │',
        '│ the local user resumes.                                      │',
        '│                                                              │',
        '│ Enter  close                                                 │',
        '╰──────────────────────────────────────────────────────────────╯',
      ].map((row) =>
        row.replace(/^(.)(.*)(.)$/, (_, left, middle, right) => left + middle.slice(0, rect.cols - 2) + right),
      ),
    );
    expect(rect.x).toBe(Math.floor((80 - rect.cols) / 2));
  });

  it('shrinks to the screen and keeps its title and keys', () => {
    const { rect, rows } = noticeOverlay(notice, { x: 0, y: 0, cols: 30, rows: 6 });
    expect(rect.cols).toBeLessThanOrEqual(30);
    expect(rows.length).toBeLessThanOrEqual(6);
    const text = rows.map(unstyled).join('\n');
    expect(text).toContain('The local user paused');
    expect(text).toContain('Enter  close');
    for (const row of rows) expect(unstyled(row)).toHaveLength(rect.cols);
  });
});

describe('words are wrapped', () => {
  it('at blanks, and inside of words only when nothing else helps', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapWords('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrapWords('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(wrapWords('', 5)).toEqual(['']);
    expect(wrapWords('a\n\nb', 5)).toEqual(['a', '', 'b']);
  });
});
