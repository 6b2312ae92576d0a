// Which screen is shown, and how one leads to the next.

import { useLayoutEffect, useState } from 'react';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Size } from '../terminal/frame.ts';
import { Attempt } from './attempt.ts';
import { useDesk, usePorts } from './desk.ts';
import { Everywhere } from './everywhere.tsx';
import type { ConnectForm, SessionEntry, SessionPort } from './ports.ts';
import { Connect } from './screens/connect.tsx';
import { Home } from './screens/home.tsx';
import { ReceiptScreen } from './screens/receipt.tsx';
import { RecordScreen } from './screens/record.tsx';
import { ReplayScreen } from './screens/replay.tsx';
import { WaitingScreen } from './screens/waiting.tsx';
import { SessionScreen } from './session/session.tsx';
import { inWords } from './use-source.ts';

export type Route =
  | { readonly at: 'home'; readonly from?: SessionEntry }
  | { readonly at: 'connect'; readonly start: Partial<ConnectForm>; readonly failure: string }
  | { readonly at: 'waiting'; readonly attempt: Attempt }
  | { readonly at: 'session'; readonly session: SessionPort }
  | { readonly at: 'receipt'; readonly session: SessionPort }
  | { readonly at: 'record'; readonly entry: SessionEntry }
  | { readonly at: 'replay'; readonly entry: SessionEntry; readonly recording: string };

const HOME: Route = { at: 'home' };
const WITHDRAWN = 'You have withdrawn the request.';

export function App() {
  const { holdSession } = useDesk();
  const ports = usePorts();
  const [route, setRoute] = useState<Route>(HOME);

  const connect = (form: ConnectForm) => {
    const attempt = new Attempt(ports.connect, form);
    setRoute({ at: 'waiting', attempt });
    holdSession(async () => attempt[Symbol.dispose]());
    attempt.outcome.then(
      (session) => {
        // Allowed in the very moment it was withdrawn: withdrawn counts.
        if (attempt.cancelled) {
          void leave(session);
          setRoute({ at: 'connect', start: { ...form, code: '' }, failure: WITHDRAWN });
          return;
        }
        holdSession(() => leave(session));
        setRoute({ at: 'session', session });
      },
      (error: unknown) => {
        holdSession(null);
        // A code works once; everything else is kept for the next try.
        const failure = attempt.cancelled ? WITHDRAWN : sentence(inWords(error));
        setRoute({ at: 'connect', start: { ...form, code: '' }, failure });
      },
    );
  };

  // In the commit of the first screen: what is typed into a form that was asked for must not act on the start screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at the start
  useLayoutEffect(() => {
    const { start } = ports;
    if (start === undefined) return;
    const { address = '', code = '', reason = '', ticket = '', scopes = [] } = start;
    if (ports.startAtOnce === true) connect({ address, code, reason, ticket, scopes });
    else setRoute({ at: 'connect', start, failure: '' });
  }, []);

  return (
    // In a session Ctrl-C is pressed by habit: there it asks first, as `e` does.
    <Everywhere mayQuit={route.at !== 'session'}>
      {(size) => <Screen size={size} route={route} go={setRoute} connect={connect} />}
    </Everywhere>
  );
}

interface ScreenProps {
  readonly size: Size;
  readonly route: Route;
  readonly go: (route: Route) => void;
  readonly connect: (form: ConnectForm) => void;
}

function Screen({ size, route, go, connect }: ScreenProps) {
  const { holdSession } = useDesk();
  const ports = usePorts();
  switch (route.at) {
    case 'home':
      return (
        <Home
          size={size}
          from={route.from?.id}
          onConnect={(start) => go({ at: 'connect', start, failure: '' })}
          onSession={(entry) => go({ at: 'record', entry })}
        />
      );
    case 'connect':
      return (
        <Connect size={size} start={route.start} failure={route.failure} onSubmit={connect} onCancel={() => go(HOME)} />
      );
    case 'waiting':
      return <WaitingScreen size={size} attempt={route.attempt} />;
    case 'session':
      return (
        <SessionScreen
          size={size}
          session={route.session}
          onEnded={() => go({ at: 'receipt', session: route.session })}
        />
      );
    case 'receipt': {
      const close = () => {
        holdSession(null);
        void leave(route.session);
        go(HOME);
      };
      return <ReceiptScreen size={size} session={route.session} onClose={close} />;
    }
    case 'record': {
      const { entry } = route;
      const replay = (recording: string) => go({ at: 'replay', entry, recording });
      return (
        <RecordScreen size={size} entry={entry} onReplay={replay} onClose={() => go({ at: 'home', from: entry })} />
      );
    }
    case 'replay': {
      const { entry, recording } = route;
      const open = () => ports.records.recording(entry.id, recording);
      const close = () => go({ at: 'record', entry });
      const bytes = entry.recordings.find(({ id }) => id === recording)?.bytes ?? 0;
      const title = `Replay of ${entry.machine}`;
      return <ReplayScreen size={size} title={title} bytes={bytes} open={open} onClose={close} />;
    }
  }
}

async function leave(session: SessionPort): Promise<void> {
  await session.end();
  await session[Symbol.asyncDispose]();
}

function sentence(words: string): string {
  return sanitiseLine(`${words.charAt(0).toUpperCase()}${words.slice(1)}`, 500);
}
