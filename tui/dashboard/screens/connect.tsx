// The form in front of a session.

import { useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import type { Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';
import {
  type FormState,
  focused,
  formProblems,
  formValues,
  goOn,
  moveFocus,
  refused,
  shownProblems,
  startForm,
  toggle,
  typeInto,
} from '../connect-form.ts';
import { usePorts } from '../desk.ts';
import { formRows } from '../form-rows.ts';
import { LAYER } from '../key-bus.ts';
import { screenBody } from '../layout.ts';
import { Rows, ScreenFrame, titleRow } from '../pieces.tsx';
import type { ConnectForm } from '../ports.ts';
import { useAnyKey, useBindings } from '../use-keys.ts';
import { wrapWords } from '../wrap-words.ts';

export interface ConnectProps {
  readonly size: Size;
  readonly start: Partial<ConnectForm>;
  /** What became of the last try, in words; empty at first. */
  readonly failure: string;
  readonly onSubmit: (form: ConnectForm) => void;
  readonly onCancel: () => void;
}

export function Connect({ size, start, failure, onSubmit, onCancel }: ConnectProps) {
  const ports = usePorts();
  const [state, setState] = useState<FormState>(() => startForm(start, ports.connect.scopes, ports.connect.usual));
  const problems = formProblems(state, ports.connect);
  const item = focused(state);
  const move = (by: number) => () => setState((before) => moveFocus(before, by));

  const submit = () => {
    if (item.kind !== 'submit') return setState((before) => goOn(before, problems));
    if (Object.keys(problems).length === 0) onSubmit(formValues(state));
    else setState((before) => refused(before, problems));
  };

  useBindings(
    'form',
    {
      'form.next': move(1),
      'form.previous': move(-1),
      'form.submit': submit,
      'form.cancel': onCancel,
      'form.toggle': item.kind === 'scope' ? () => setState(toggle) : undefined,
    },
    { layer: LAYER.field },
  );
  useAnyKey(
    (key) => {
      if (item.kind !== 'text') return false;
      setState((before) => typeInto(before, key) ?? before);
      return typeInto(state, key) !== null;
    },
    { layer: LAYER.pane },
  );

  const { cols } = size;
  const told =
    failure === ''
      ? []
      : [...wrapWords(failure, cols - 2).map((line) => paint('danger', fitCells(` ${line}`, cols))), ''];
  const room = Math.max(3, screenBody(size).rows - told.length);
  return (
    <ScreenFrame {...size} head={[titleRow('New session', '', cols)]} keys={['form']}>
      <Rows rows={[...told, ...formRows(state, shownProblems(state, problems), cols, room)]} />
    </ScreenFrame>
  );
}
