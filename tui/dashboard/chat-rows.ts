// How a conversation looks: the newest lines, at the bottom.

import type { ChatMessage } from '../../protocol/control/messages.ts';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import { timeInWords } from '../records/amounts.ts';
import type { Size } from '../terminal/frame.ts';
import { paint } from '../theme.ts';
import { wrapWords } from './wrap-words.ts';

const INDENT = 18; // cells: time and who

/** Exactly `rows` rows. */
export function chatRows(messages: readonly ChatMessage[], { cols, rows }: Size): string[] {
  const lines: string[] = [];
  for (const message of messages.toReversed()) {
    if (lines.length >= rows) break;
    lines.unshift(...messageRows(message, cols));
  }
  const shown = lines.slice(-rows);
  return [...Array.from({ length: rows - shown.length }, () => ''), ...shown];
}

function messageRows({ from, text, at }: ChatMessage, cols: number): string[] {
  const time = timeInWords(at).slice(-8, -3);
  const who = from === 'technician' ? 'you' : 'local user';
  return wrapWords(text, Math.max(1, cols - INDENT - 1)).map((line, index) => {
    const head = index === 0 ? fitCells(` ${time} ${who}`, INDENT) : ' '.repeat(INDENT);
    return `${from === 'technician' ? paint('muted', head) : paint('accent', head)}${fitCells(line, Math.max(1, cols - INDENT))}`;
  });
}
