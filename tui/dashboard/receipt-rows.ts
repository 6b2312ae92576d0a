// How a receipt looks.

import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import { paint } from '../theme.ts';
import type { ReceiptView } from './ports.ts';
import { wrapWords } from './wrap-words.ts';

const LABEL_MAX = 18; // cells

/** All of it, to be scrolled; the machine's signature first. */
export function receiptRows({ verified, sections }: ReceiptView, cols: number): string[] {
  const width = Math.min(
    LABEL_MAX,
    Math.max(0, ...sections.flatMap(({ rows }) => rows.map(([label]) => cellWidth(label)))),
  );
  const verdict =
    verified === true
      ? [paint('good', fitCells(' ✓ Signed by the machine; the signature holds.', cols))]
      : wrapWords(`✗ Do not trust this receipt: ${verified.problem}.`, cols - 2).map((line) =>
          paint('danger', ` ${line}`),
        );
  return [
    ...verdict,
    ...sections.flatMap(({ title, rows }) => [
      '',
      paint('title', fitCells(` ${title}`, cols)),
      ...rows.flatMap(([label, value]) =>
        wrapWords(value, Math.max(8, cols - width - 5)).map(
          (line, index) => `   ${fitCells(index === 0 ? label : '', width)}  ${line}`,
        ),
      ),
    ]),
  ];
}
