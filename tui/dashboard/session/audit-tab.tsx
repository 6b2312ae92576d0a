// The Audit tab: what the machine writes into its log about this session, as it happens.

import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import { auditDetailRows, auditRow } from '../audit-rows.ts';
import { LAYER } from '../key-bus.ts';
import { Rows } from '../pieces.tsx';
import { useList } from '../use-list.ts';
import { useSource } from '../use-source.ts';
import { splitArea } from './split-area.ts';
import { type TabProps, useReportedPlace } from './tab-props.ts';

export function AuditTab({ session, area, visible, active, onPlace }: TabProps) {
  useReportedPlace('list', visible, onPlace);
  const events = useSource(session, () => session.audit());
  // Newest first: what just happened is what one looks for.
  const newest = events.toReversed();
  const { list, detail, join } = splitArea(area);
  const mark = useList({ length: newest.length, seen: list.rows - 1, layer: LAYER.pane, active: visible && active });
  if (!visible) return null;
  const rows = newest.slice(mark.top, mark.top + list.rows - 1).map((event, index) => {
    const row = auditRow(event, list.cols);
    return mark.top + index === mark.index ? paint('selected', fitCells(`>${row.slice(1)}`, list.cols)) : row;
  });
  const head = paint(
    'muted',
    fitCells(` ${events.length} events of this session in the machine's log, newest first`, list.cols),
  );
  const marked = newest[mark.index];
  return <Rows rows={join([head, ...rows], marked === undefined ? [] : auditDetailRows(marked, detail))} />;
}
