// A session: the consent banner, tabs, what is in them, and clear words when the local user pauses or ends it.

import { Box } from 'ink';
import { useCallback, useEffect, useState } from 'react';
import { SHELL_SCOPES } from '../../../protocol/scopes.ts';
import type { Place } from '../../bindings.ts';
import type { Size } from '../../terminal/frame.ts';
import { bannerRows } from '../banner.ts';
import { useDesk } from '../desk.ts';
import { LAYER } from '../key-bus.ts';
import { sessionBody } from '../layout.ts';
import { Rows, ScreenFrame } from '../pieces.tsx';
import type { SessionPort } from '../ports.ts';
import { useBindings } from '../use-keys.ts';
import { useNow } from '../use-now.ts';
import { useNotice } from '../use-pane.ts';
import { useSource } from '../use-source.ts';
import { activePlaces } from './active-places.ts';
import { AskTab } from './ask-tab.tsx';
import { AuditTab } from './audit-tab.tsx';
import { ChatTab } from './chat-tab.tsx';
import { DiagnosticsTab } from './diagnostics-tab.tsx';
import { whyNoShell } from './no-shell.ts';
import { sessionNotice } from './session-notice.ts';
import { ShellHolder } from './shell-holder.ts';
import { ShellTab } from './shell-tab.tsx';
import { TABS, type Tab, tabRow } from './tab-row.ts';
import { VitalsTab } from './vitals-tab.tsx';

const ARMS_AFTER_MS = 800; // a fast typist's next word

export interface SessionProps {
  readonly size: Size;
  readonly session: SessionPort;
  /** The session has ended and the technician has seen it. */
  readonly onEnded: () => void;
}

export function SessionScreen({ size, session, onEnded }: SessionProps) {
  const { stage } = useDesk();
  const snapshot = useSource(session, () => session.snapshot());
  const now = useNow(snapshot.state !== 'ended');
  const [holder] = useState(() => new ShellHolder(session, () => stage.changed()));
  const hasShell = snapshot.grant.scopes.some((scope) => SHELL_SCOPES.includes(scope));
  const [tab, setTab] = useState<Tab>(hasShell ? 'Shell' : 'Diagnostics');
  const [typing, setTyping] = useState(true);
  const [asking, setAsking] = useState(false);
  const [tabPlace, setTabPlace] = useState<Place>('list');
  const said = useSource(session, () => session.chat().filter(({ from }) => from === 'local user').length);
  const [read, setRead] = useState(0);
  if (tab === 'Chat' && read !== said) setRead(said);
  const unread = tab === 'Chat' ? 0 : said - read;
  const shell = useSource(holder, () => holder.status());

  const area = sessionBody(size);
  const live = snapshot.state === 'active' && !asking;
  const open = snapshot.state !== 'ended' && !asking;
  const inShell = tab === 'Shell' && hasShell && typing && open;

  const armed = useArmed(snapshot.state === 'ended');
  const asked = useArmed(asking);
  useEffect(() => () => holder[Symbol.dispose](), [holder]);

  const go = (next: Tab) => () => {
    setTab(next);
    setTyping(next === 'Shell' && next !== tab);
  };
  const step = (by: number) => go(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? 'Shell');
  const running = { layer: LAYER.screen, active: snapshot.state !== 'ended' } as const;
  useBindings(
    'session',
    {
      'session.end': () => setAsking(true),
      'session.next': step(1),
      'session.previous': step(-1),
      'session.tab1': go('Shell'),
      'session.tab2': go('Diagnostics'),
      'session.tab3': go('Vitals'),
      'session.tab4': go('Audit'),
      'session.tab5': go('Chat'),
      'session.tab6': go('Ask'),
    },
    running,
  );
  useBindings('everywhere', { quit: () => setAsking(true) }, running);
  useBindings(
    'question',
    {
      'question.yes': asked
        ? () => {
            setAsking(false);
            void session.end();
          }
        : undefined,
      'question.no': () => setAsking(false),
    },
    { layer: LAYER.question, active: asking && snapshot.state !== 'ended', modal: true },
  );
  useBindings(
    'ended',
    { 'ended.receipt': armed ? onEnded : undefined },
    { layer: LAYER.question, active: snapshot.state === 'ended', modal: true },
  );
  useNotice(sessionNotice(snapshot, { asking, armed: snapshot.state === 'ended' ? armed : asked, tab, inShell }), area);

  const onTyping = useCallback((next: boolean) => setTyping(next), []);
  // Reading goes on while the session is paused; the machine refuses what may not.
  const common = { session, area, active: open, onPlace: setTabPlace };
  const shown = (name: Tab) => ({ display: tab === name ? 'flex' : 'none', flexDirection: 'column' }) as const;
  return (
    <ScreenFrame
      {...size}
      head={[...bannerRows(snapshot, size.cols, now), tabRow(tab, shell, inShell, size.cols, unread)]}
      keys={activePlaces(snapshot, armed, asking, tab, tabPlace, inShell ? shell : null, hasShell)}
    >
      <Box {...shown('Shell')}>
        <ShellTab
          holder={holder}
          area={area}
          visible={tab === 'Shell' && hasShell}
          typing={typing}
          onTyping={onTyping}
          active={open}
          paused={snapshot.state === 'paused'}
        />
        {!hasShell && <Rows rows={['', ` ${whyNoShell(snapshot.grant.asked, session.audit())}`]} />}
      </Box>
      <Box {...shown('Diagnostics')}>
        <DiagnosticsTab {...common} visible={tab === 'Diagnostics'} />
      </Box>
      <Box {...shown('Vitals')}>
        <VitalsTab {...common} active={live} visible={tab === 'Vitals'} />
      </Box>
      <Box {...shown('Audit')}>
        <AuditTab {...common} visible={tab === 'Audit'} />
      </Box>
      <Box {...shown('Chat')}>
        <ChatTab {...common} visible={tab === 'Chat'} />
      </Box>
      <Box {...shown('Ask')}>
        <AskTab {...common} visible={tab === 'Ask'} />
      </Box>
    </ScreenFrame>
  );
}

/** True a moment after `on`: keys that were meant for something else must not answer what has just appeared. */
function useArmed(on: boolean): boolean {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    setArmed(false);
    if (!on) return;
    const timer = setTimeout(() => setArmed(true), ARMS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [on]);
  return armed;
}
