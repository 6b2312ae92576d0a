// A box with a few words over the middle of the screen: the session is paused, ended, or a question is to be answered.

import { fitCells } from '../../protocol/terminal/sgr.ts';
import type { Overlay, Rect } from '../terminal/frame.ts';
import { type Meaning, paint } from '../theme.ts';
import { centred } from './layout.ts';
import { wrapWords } from './wrap-words.ts';

const WIDEST = 64; // cells; longer lines are harder to read
const FRAME = 4; // border and one blank on each side

export interface NoticeText {
  readonly meaning: Meaning;
  readonly title: string;
  readonly lines: readonly string[];
  /** Keys that answer it, as `Enter  show the receipt`. */
  readonly keys: readonly string[];
}

/** The notice laid out in the middle of `area`, as small as it can be and never larger than it. */
export function noticeOverlay(notice: NoticeText, area: Rect): Overlay {
  const inner = Math.max(1, Math.min(WIDEST, area.cols) - FRAME);
  const words = notice.lines.flatMap((line) => wrapWords(line, inner));
  const keys = notice.keys.flatMap((line) => wrapWords(line, inner));
  const title = wrapWords(notice.title, inner);
  const room = area.rows - 2 - title.length - keys.length;
  const shown = words.slice(0, Math.max(0, room));
  const spaced = shown.length + 2 <= room;
  const width = Math.min(inner, Math.max(...[...title, ...shown, ...keys].map((line) => line.length), 20));
  const body = [
    ...title.map((line) => paint(notice.meaning, fitCells(line, width))),
    ...(spaced ? [' '.repeat(width)] : []),
    ...shown.map((line) => fitCells(line, width)),
    ...(spaced && keys.length > 0 ? [' '.repeat(width)] : []),
    ...keys.map((line) => paint('accent', fitCells(line, width))),
  ];
  const edge = '─'.repeat(width + 2);
  const rows = [
    paint(notice.meaning, `╭${edge}╮`),
    ...body.map((line) => `${paint(notice.meaning, '│')} ${line} ${paint(notice.meaning, '│')}`),
    paint(notice.meaning, `╰${edge}╯`),
  ];
  return { rect: centred({ cols: width + FRAME, rows: rows.length }, area), rows };
}
