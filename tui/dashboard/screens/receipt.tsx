// What both people get at the end: the receipt, or why there is none.

import { fitCells } from '../../../protocol/terminal/sgr.ts';
import type { Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';
import { LAYER } from '../key-bus.ts';
import { screenBody } from '../layout.ts';
import { Rows, ScreenFrame, titleRow } from '../pieces.tsx';
import type { SessionPort } from '../ports.ts';
import { receiptRows } from '../receipt-rows.ts';
import { useBindings } from '../use-keys.ts';
import { scrolledRows, useScroll } from '../use-list.ts';
import { useSource } from '../use-source.ts';
import { wrapWords } from '../wrap-words.ts';

export interface ReceiptProps {
  readonly size: Size;
  /** Over, but its receipt may still be on its way. */
  readonly session: SessionPort;
  readonly onClose: () => void;
}

export function ReceiptScreen({ size, session, onClose }: ReceiptProps) {
  const { because, receipt, grant } = useSource(session, () => session.snapshot());
  const { cols } = size;
  const { rows: seen } = screenBody(size);
  const why = wrapWords(because, cols - 2).map((line) => fitCells(` ${line}`, cols));
  const none = paint('warning', fitCells(' No receipt has come from the machine.', cols));
  const all = [...why, ...(receipt === null ? ['', none] : receiptRows(receipt, cols))];
  const top = useScroll({ length: all.length, seen, layer: LAYER.pane, active: true });
  useBindings('receipt', { 'receipt.close': onClose }, { layer: LAYER.screen });
  return (
    <ScreenFrame
      {...size}
      head={[titleRow('Receipt', grant.machine.name, cols)]}
      keys={['receipt', 'list', 'everywhere']}
    >
      <Rows rows={scrolledRows(all, top, seen)} />
    </ScreenFrame>
  );
}
