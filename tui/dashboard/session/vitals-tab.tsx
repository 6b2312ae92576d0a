// The Vitals tab: live charts of the machine, as long as somebody looks at them.

import { useEffect, useMemo, useState } from 'react';
import type { DiagnosticSample } from '../../../protocol/diagnostics.ts';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import { LAYER } from '../key-bus.ts';
import { Rows } from '../pieces.tsx';
import { useBindings } from '../use-keys.ts';
import { PANE_LAYER, usePane } from '../use-pane.ts';
import { inWords } from '../use-source.ts';
import { pageRows } from '../vitals-grid.ts';
import { type TabProps, useReportedPlace } from './tab-props.ts';
import { useDiagnostics } from './use-diagnostics.ts';

export function VitalsTab({ session, area, visible, active, onPlace }: TabProps) {
  useReportedPlace('vitals', visible, onPlace);
  const offered = useDiagnostics(session, visible);
  const stream = offered.list.find(({ streams }) => streams);
  const [history, setHistory] = useState<readonly DiagnosticSample[]>([]);
  const [told, setTold] = useState('');
  const [first, setFirst] = useState(0);
  const [round, setRound] = useState(0);
  const [drawing, setDrawing] = useState<typeof import('../vitals.ts') | null>(null);
  const wanted = visible && active && stream !== undefined;

  // Charts are large to load, and many sessions never look at them.
  useEffect(() => {
    if (!visible || drawing !== null) return;
    import('../vitals.ts').then(setDrawing, (error: unknown) => setTold(inWords(error)));
  }, [visible, drawing]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new run
  useEffect(() => {
    if (!wanted || drawing === null) return;
    setTold('');
    const abort = new AbortController();
    session
      .runDiagnostic(
        stream.id,
        {},
        {
          signal: abort.signal,
          onOutput: (output) => {
            if (output.kind === 'sample' && !abort.signal.aborted)
              setHistory((before) => drawing.remember(before, output));
          },
        },
      )
      .then(
        ({ outcome, message }) => {
          if (abort.signal.aborted) return;
          // Its time on the machine is bounded; as long as somebody looks, another round follows.
          if (outcome === 'timeout' || outcome === 'done') setRound((before) => before + 1);
          else setTold(message);
        },
        (error: unknown) => abort.signal.aborted || setTold(inWords(error)),
      );
    return () => abort.abort();
  }, [session, stream, wanted, drawing, round]);

  // Drawn once per sample, not with every second that the banner counts.
  const charts = useMemo(() => (visible ? (drawing?.vitalsCharts(history) ?? []) : []), [visible, drawing, history]);
  const turn = (by: number) => () => setFirst((before) => (before + by + charts.length) % Math.max(1, charts.length));
  useBindings(
    'vitals',
    { 'vitals.next': turn(1), 'vitals.previous': turn(-1) },
    { layer: LAYER.pane, active: visible && active },
  );
  const { cols, rows: height } = area;
  const rows = useMemo(() => {
    if (charts.length === 0) return [];
    const note = told === '' ? [] : [paint('warning', fitCells(` ${told}`, cols))];
    return [...note, ...pageRows(charts, first, { cols, rows: height - note.length })];
  }, [charts, first, cols, height, told]);
  usePane(PANE_LAYER.content, rows.length > 0, () => ({ rect: area, rows }));
  if (!visible || rows.length > 0) return null;
  const words = stream === undefined && offered.list.length > 0 ? 'This machine offers no vitals.' : offered.words;
  return (
    <Rows
      rows={['', paint('muted', fitCells(` ${told || (wanted ? 'Waiting for the first sample…' : words)}`, cols))]}
    />
  );
}
