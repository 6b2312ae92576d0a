// The Diagnostics tab: the list of what the machine offers, parameters, progress, results.

import { useEffect, useState } from 'react';
import type { DiagnosticDescriptor } from '../../../protocol/diagnostics.ts';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import { LAYER } from '../key-bus.ts';
import {
  checkParameters,
  editParameter,
  moveParameter,
  type ParameterForm,
  parameterRows,
  startParameters,
} from '../parameter-form.ts';
import { Rows } from '../pieces.tsx';
import { descriptorRows, runRows } from '../run-rows.ts';
import { useAnyKey, useBindings } from '../use-keys.ts';
import { useList, useScroll } from '../use-list.ts';
import { besideArea } from './split-area.ts';
import { type TabProps, useReportedPlace } from './tab-props.ts';
import { useDiagnostics } from './use-diagnostics.ts';
import { useRun } from './use-run.ts';

export function DiagnosticsTab({ session, area, visible, active, onPlace }: TabProps) {
  const offered = useDiagnostics(session, visible);
  const entries = offered.list.filter(({ streams }) => !streams);
  const [form, setForm] = useState<ParameterForm | null>(null);
  const { run, state, start, drop } = useRun(session);
  const open = visible && active;
  const split = besideArea(area);
  const inDetail = run !== null || form !== null;

  const mark = useList({ length: entries.length, seen: split.list.rows, layer: LAYER.pane, active: open && !inDetail });
  const chosen: DiagnosticDescriptor | undefined = form?.descriptor ?? run?.descriptor ?? entries[mark.index];
  const results = run === null || state === null ? [] : runRows(run.descriptor, state, split.detail.cols);
  const top = useScroll({
    length: results.length,
    seen: split.detail.rows,
    layer: LAYER.pane,
    active: open && run !== null && form === null,
  });

  const begin = () => {
    if (chosen === undefined) return;
    if (chosen.parameters.length > 0) setForm(startParameters(chosen));
    else start(chosen, {});
  };
  const submit = () => {
    if (form === null) return;
    const checked = checkParameters(form);
    if ('descriptor' in checked) return setForm(checked as ParameterForm);
    setForm(null);
    start(form.descriptor, checked as Record<string, string | number>);
  };
  const place = form !== null ? 'form' : run === null ? 'diagnostics' : state?.end === null ? 'running' : 'result';
  useReportedPlace(place, visible, onPlace);
  const pane = (active: boolean) => ({ layer: LAYER.pane, active: open && active }) as const;
  useBindings('diagnostics', { 'diagnostics.run': begin }, pane(place === 'diagnostics'));
  useBindings('running', { 'running.cancel': () => run?.[Symbol.dispose]() }, pane(place === 'running'));
  useBindings('result', { 'result.back': drop, 'result.again': begin }, pane(place === 'result'));
  const typing = open && form !== null;
  useBindings(
    'form',
    {
      'form.next': () => setForm((before) => before && moveParameter(before, 1)),
      'form.previous': () => setForm((before) => before && moveParameter(before, -1)),
      'form.submit': submit,
      'form.cancel': () => setForm(null),
    },
    { layer: LAYER.field, active: typing, modal: true },
  );
  useAnyKey(
    (key) => {
      const edited = form && editParameter(form, key);
      if (edited !== null) setForm(edited);
      return edited !== null;
    },
    { layer: LAYER.field, active: typing },
  );
  useEffect(() => () => run?.[Symbol.dispose](), [run]);

  if (!visible) return null;
  const list = entries.slice(mark.top, mark.top + split.list.rows).map(({ title }, index) => {
    const marked = mark.top + index === mark.index;
    const row = fitCells(`${marked ? ' > ' : '   '}${title}`, split.list.cols);
    return marked ? paint(inDetail ? 'title' : 'selected', row) : row;
  });
  if (list.length === 0) list.push(paint('muted', fitCells(` ${offered.words}`, split.list.cols)));
  const { cols, rows } = split.detail;
  let detail: string[] = [];
  if (form !== null) detail = [...descriptorRows(form.descriptor, cols), '', ...parameterRows(form, cols)].slice(-rows);
  else if (run !== null) detail = results.slice(top, top + rows);
  else if (chosen !== undefined) detail = descriptorRows(chosen, cols).slice(0, rows);
  return <Rows rows={split.join(list, detail, inDetail)} />;
}
