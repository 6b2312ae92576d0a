// Breaks a sentence, or a command of which every character counts, into lines of a screen.

import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';

/** Breaks sanitised text at spaces into lines of at most `width` cells; a longer word is broken inside. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(2, width); // a wide character takes two
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && cellWidth(line) + 1 + cellWidth(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (cellWidth(line) > room) {
      const head = fitCells(line, room, '').trimEnd();
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/**
 * The latest of `texts`, wrapped, in at most `room` rows; each with its index. A text shows its beginning, and what has
 * no room is cut at the end: the end of a sentence alone may say something else.
 */
export function wrapLatest(texts: readonly string[], width: number, room: number): { text: string; of: number }[] {
  let shown: { text: string; of: number }[] = [];
  for (let of = texts.length - 1; of >= 0 && shown.length < room; of -= 1) {
    const rows = wrap(texts[of] ?? '', width);
    const kept = rows.slice(0, room - shown.length);
    const last = kept.at(-1);
    if (kept.length < rows.length && last !== undefined) kept[kept.length - 1] = fitCells(`${last} …`, width).trimEnd();
    shown = [...kept.map((text) => ({ text, of })), ...shown];
  }
  return shown;
}

/** The end of what is being written, so that the person sees what they type. */
export function endOf(text: string, width: number): string {
  let shown = text;
  while (cellWidth(shown) > Math.max(0, width)) shown = [...shown].slice(1).join('');
  return shown;
}

const GOES_ON = '» '; // begins a line that belongs to the one before

/**
 * Breaks text of which every character counts, such as a command: after exactly `width` cells, spaces kept, and each
 * further line marked, so that no two texts look the same.
 */
export function wrapExactly(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const cells = cellWidth(segment);
    if (taken + cells > width) {
      lines.push(line);
      line = GOES_ON;
      taken = GOES_ON.length;
    }
    line += segment;
    taken += cells;
  }
  return [...lines, line];
}
