// The start screen: machines that are known, and sessions live and past.

import { useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import type { Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';
import { useDesk, usePorts } from '../desk.ts';
import { machineRows, sessionRows } from '../home-rows.ts';
import { LAYER } from '../key-bus.ts';
import { screenBody } from '../layout.ts';
import { Rows, ScreenFrame, titleRow } from '../pieces.tsx';
import type { ConnectForm, SessionEntry } from '../ports.ts';
import { useBindings } from '../use-keys.ts';
import { useList } from '../use-list.ts';
import { useNow } from '../use-now.ts';
import { useLoaded } from '../use-source.ts';

export interface HomeProps {
  readonly size: Size;
  /** ID of the session that was looked at: the mark stands on it again. */
  readonly from?: string | undefined;
  readonly onConnect: (start: Partial<ConnectForm>) => void;
  readonly onSession: (session: SessionEntry) => void;
}

export function Home({ size, from, onConnect, onSession }: HomeProps) {
  const { quit } = useDesk();
  const ports = usePorts();
  const now = useNow();
  const [side, setSide] = useState<'machines' | 'sessions'>(from === undefined ? 'machines' : 'sessions');
  const machines = useLoaded(ports.records, () => ports.records.machines());
  const sessions = useLoaded(ports.records, () => ports.records.sessions());
  const key = useLoaded(ports.records, () => ports.connect.key());
  const problem = machines.problem || sessions.problem || key.problem;

  const body = screenBody(size);
  const room = Math.max(2, body.rows - 2 - (problem === '' ? 0 : 1));
  const upper = Math.min(Math.max(1, machines.value?.length ?? 1), Math.ceil(room / 2));
  const seen = { machines: upper, sessions: Math.max(1, room - upper) };
  const active = { machines: side === 'machines', sessions: side === 'sessions' };
  const marks = {
    machines: useList({
      length: machines.value?.length ?? 0,
      seen: seen.machines,
      layer: LAYER.pane,
      active: active.machines,
    }),
    sessions: useList({
      length: sessions.value?.length ?? 0,
      seen: seen.sessions,
      layer: LAYER.pane,
      active: active.sessions,
      start: Math.max(0, sessions.value?.findIndex(({ id }) => id === from) ?? 0),
    }),
  };

  useBindings(
    'home',
    {
      'home.connect': () => onConnect({}),
      'home.switch': () => setSide(side === 'machines' ? 'sessions' : 'machines'),
      'home.quit': quit,
      'home.open': () => {
        const machine = machines.value?.[marks.machines.index];
        const session = sessions.value?.[marks.sessions.index];
        if (side === 'machines') onConnect(machine === undefined ? {} : { address: machine.address });
        else if (session !== undefined) onSession(session);
      },
    },
    { layer: LAYER.screen },
  );

  const { cols } = size;
  const title = titleRow(
    'Chaperone',
    key.value === null ? '' : `${key.value.name}  ${key.value.fingerprint.slice(0, 19)}…`,
    cols,
  );
  return (
    <ScreenFrame {...size} head={[title]} keys={['home', 'everywhere']}>
      <Rows
        rows={[
          ...(problem === '' ? [] : [paint('danger', fitCells(` ${problem}`, cols))]),
          heading('Machines', machines.value?.length, active.machines, cols),
          ...machineRows(machines.value, marks.machines, { cols, rows: seen.machines }, active.machines, now),
          heading('Sessions', sessions.value?.length, active.sessions, cols),
          ...sessionRows(sessions.value, marks.sessions, { cols, rows: seen.sessions }, active.sessions),
        ]}
      />
    </ScreenFrame>
  );
}

function heading(title: string, count: number | undefined, active: boolean, cols: number): string {
  const text = fitCells(` ${title}${count === undefined ? '' : ` (${count})`}`, cols);
  return paint(active ? 'title' : 'muted', text);
}
