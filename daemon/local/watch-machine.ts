// Shows a watcher what the technician does, as it happens: shells as pictures of text, everything else as lines.

import type { AuditEvent } from '../audit/machine-log.ts';
import type { Machine } from '../machine.ts';
import type { Session } from '../session/session.ts';
import type { Watcher } from './controls.ts';
import { noticeOf } from './notices.ts';
import { sessionView } from './session-view.ts';

export function watchMachine(machine: Machine, watcher: Watcher): Disposable {
  const subscriptions = new DisposableStack();
  const perSession = new Map<string, DisposableStack>();

  const follow = (session: Session) => {
    const watched = new DisposableStack();
    perSession.set(session.id, watched);
    const mirrors = new Map<number, Disposable>();
    const refresh = () => {
      for (const [number, mirror] of session.mirrors) {
        if (!mirrors.has(number)) {
          mirrors.set(
            number,
            mirror.subscribe((frame) => watcher.onFrame(session.id, number, frame)),
          );
        }
      }
      for (const [number, subscription] of mirrors) {
        if (!session.mirrors.has(number)) {
          subscription[Symbol.dispose]();
          mirrors.delete(number);
        }
      }
      watcher.onSession(sessionView(session, machine));
    };
    watched.use(session.onChange(refresh));
    watched.use(
      session.chat.on(({ from, text }) => {
        const who = from === 'technician' ? session.grant.technician.name : 'You';
        for (const line of shortLines(text)) watcher.onNotice(session.id, `${who}: ${line}`);
      }),
    );
    watched.defer(() => {
      for (const subscription of mirrors.values()) {
        subscription[Symbol.dispose]();
      }
    });
    refresh();
  };

  const onEvent = (event: AuditEvent) => {
    const line = noticeOf(event);
    if (event.session !== null && line !== null && perSession.has(event.session)) {
      watcher.onNotice(event.session, line);
    }
  };

  subscriptions.use(machine.sessions.opened.on(follow));
  subscriptions.use(
    machine.sessions.settled.on(({ session, receipt }) => {
      watcher.onReceipt(session.id, receipt);
      perSession.get(session.id)?.dispose();
      perSession.delete(session.id);
    }),
  );
  subscriptions.use(machine.log.onEvent(onEvent));
  subscriptions.defer(() => {
    for (const watched of perSession.values()) {
      watched.dispose();
    }
  });
  for (const session of machine.sessions.live) {
    follow(session);
  }
  return subscriptions;
}

/** A message in lines that fit into a notice. */
function shortLines(text: string): string[] {
  return text.split('\n').flatMap((line) => line.match(/.{1,200}/gsu) ?? []);
}
