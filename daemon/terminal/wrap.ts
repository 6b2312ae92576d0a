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
