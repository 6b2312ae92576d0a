// Breaks sanitised text into lines that fit.

import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';

/** At least one line; words longer than `width` cells are broken. `\n` in `text` begins a new line. */
export function wrapWords(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): string[] {
  if (cellWidth(line) <= width) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (cellWidth(longer) <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    while (cellWidth(current) > width) {
      const part = fitCells(current, width, '').trimEnd();
      if (part === '') break;
      lines.push(part);
      current = current.slice(part.length);
    }
  }
  return [...lines, current];
}
