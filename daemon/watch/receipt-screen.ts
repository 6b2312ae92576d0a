// The receipt as a full screen, for the person at the machine. Pure.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { type KeyHint, key, keyRows } from '../terminal/key-rows.ts';
import { bar, type Line } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import type { OpenedReceipt } from './open-receipt.ts';

export interface ReceiptView {
  readonly title: string;
  readonly machine: string;
  readonly receipt: OpenedReceipt;
  /** Lines scrolled down. */
  readonly scroll: number;
  /** What stands there when all of it can be seen; may be empty. */
  readonly remark: string;
  /** What works beside scrolling. */
  readonly keys: readonly KeyHint[];
}

export function receiptScreen(view: ReceiptView, { cols, rows }: Size): Line[] {
  const { receipt } = view;
  const lines = receipt.sentences.flatMap((text): Line[] =>
    wrap(sanitiseLine(text, 2000), cols - 4).map((part, index) => [
      index === 0 ? ' · ' : '   ',
      receipt.sound ? part : { text: part, as: 'danger' },
    ]),
  );
  const room = Math.max(1, rows - 4);
  const most = Math.max(0, lines.length - room);
  const top = Math.min(view.scroll, most);
  const keys = [...(most > 0 ? [key('↑ ↓', 'Scroll')] : []), ...view.keys];
  const shown = lines.slice(top, top + room);
  const filler: Line[] = Array.from({ length: room - shown.length }, () => []);
  const more = top < most ? 'There is more below: press ↓.' : view.remark;
  return [
    bar(view.title, view.machine, cols),
    [],
    ...shown,
    ...filler,
    [' ', { text: more, as: 'warning' }],
    ...keyRows(keys, '', cols, 1),
  ];
}
