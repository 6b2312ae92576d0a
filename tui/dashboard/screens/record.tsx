// A past session: its receipt, what was logged, and its recordings to replay.

import { useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { bytesInWords, timeInWords } from '../../records/amounts.ts';
import type { Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';
import { auditDetailRows, auditRow } from '../audit-rows.ts';
import { usePorts } from '../desk.ts';
import { LAYER } from '../key-bus.ts';
import { screenBody } from '../layout.ts';
import { Rows, ScreenFrame, titleRow } from '../pieces.tsx';
import type { SessionEntry } from '../ports.ts';
import { receiptRows } from '../receipt-rows.ts';
import { splitArea } from '../session/split-area.ts';
import { useBindings } from '../use-keys.ts';
import { scrolledRows, useList, useScroll } from '../use-list.ts';
import { useLoaded } from '../use-source.ts';

export interface RecordProps {
  readonly size: Size;
  readonly entry: SessionEntry;
  readonly onReplay: (recording: string) => void;
  readonly onClose: () => void;
}

export function RecordScreen({ size, entry, onReplay, onClose }: RecordProps) {
  const ports = usePorts();
  const [side, setSide] = useState<'receipt' | 'audit'>('receipt');
  const [next, setNext] = useState(0);
  const { cols } = size;
  const { recordings } = entry;
  const replay = recordings[next % Math.max(1, recordings.length)];
  useBindings(
    'record',
    {
      'record.close': onClose,
      'record.other': () => setSide(side === 'receipt' ? 'audit' : 'receipt'),
      'record.replay': replay === undefined ? undefined : () => onReplay(replay.id),
      'record.nextRecording': recordings.length > 1 ? () => setNext(next + 1) : undefined,
    },
    { layer: LAYER.screen },
  );
  const which =
    replay === undefined
      ? ' No shell to replay. The machine keeps what commands showed.'
      : ` Recording ${(next % recordings.length) + 1} of ${recordings.length}: ${replay.id}, ${bytesInWords(replay.bytes)}`;
  const head = [
    titleRow(`${entry.machine}, ${timeInWords(entry.startedAt)}`, entry.ticket, cols),
    fitCells(` ${entry.reason}${entry.ending === '' ? '' : ` · ${entry.ending}`}`, cols),
    paint('accent', fitCells(which, cols)),
  ];
  const room = { cols, rows: screenBody(size).rows - 2 };
  const Side = side === 'receipt' ? ReceiptSide : AuditSide;
  return (
    <ScreenFrame
      {...size}
      head={head}
      keys={['record', 'list', 'everywhere']}
      idle={replay === undefined ? ['record.replay'] : []}
    >
      <Side key={side} room={room} session={entry.id} ports={ports} />
    </ScreenFrame>
  );
}

interface SideProps {
  readonly room: Size;
  readonly session: string;
  readonly ports: ReturnType<typeof usePorts>;
}

function ReceiptSide({ room, session, ports }: SideProps) {
  const { value, problem, loaded } = useLoaded(ports.records, () => ports.records.receipt(session));
  const none = loaded ? 'There is no receipt of this session.' : 'Reading…';
  const words = paint(problem === '' ? 'muted' : 'danger', fitCells(` ${problem || none}`, room.cols));
  const all = value === null ? [words] : receiptRows(value, room.cols);
  const top = useScroll({ length: all.length, seen: room.rows, layer: LAYER.pane, active: true });
  return <Rows rows={scrolledRows(all, top, room.rows)} />;
}

function AuditSide({ room, session, ports }: SideProps) {
  const { value, problem, loaded } = useLoaded(ports.records, () => ports.records.audit(session));
  const events = value ?? [];
  const { list, detail, join } = splitArea(room);
  const mark = useList({ length: events.length, seen: list.rows, layer: LAYER.pane, active: true });
  if (events.length === 0) {
    const words = problem || (loaded ? 'Nothing about this session is in your record.' : 'Reading…');
    return <Rows rows={[paint(problem === '' ? 'muted' : 'danger', fitCells(` ${words}`, room.cols))]} />;
  }
  const rows = events.slice(mark.top, mark.top + list.rows).map((event, index) => {
    const row = auditRow(event, list.cols);
    return mark.top + index === mark.index ? paint('selected', row) : row;
  });
  const marked = events[mark.index];
  return <Rows rows={join(rows, marked === undefined ? [] : auditDetailRows(marked, detail))} />;
}
