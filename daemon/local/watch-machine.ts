// Shows a watcher what the technician does, as it happens: shells as pictures of text, everything else as lines.

import type { Machine } from '../machine.ts';
import type { Session } from '../session/session.ts';
import type { Watcher } from './controls.ts';
import type { Happened } from './happened.ts';
import { sessionView } from './session-view.ts';

/**
 * @param happened what came before, for sessions that are watched late
 * @param pictures whether shells are shown too
 */
export function watchMachine(machine: Machine, happened: Happened, watcher: Watcher, pictures: boolean): Disposable {
  const subscriptions = new DisposableStack();
  const perSession = new Map<string, DisposableStack>();

  const follow = (session: Session) => {
    const watched = new DisposableStack();
    perSession.set(session.id, watched);
    const mirrors = new Map<number, Disposable>();
    const refresh = () => {
      for (const [number, mirror] of pictures ? session.mirrors : []) {
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
    watched.defer(() => {
      for (const subscription of mirrors.values()) {
        subscription[Symbol.dispose]();
      }
    });
    refresh();
    for (const { line, kind } of happened.of(session.id)) watcher.onNotice(session.id, line, kind);
  };

  subscriptions.use(machine.sessions.opened.on(follow));
  subscriptions.use(
    machine.sessions.settled.on(({ session, receipt }) => {
      watcher.onReceipt(session.id, receipt);
      perSession.get(session.id)?.dispose();
      perSession.delete(session.id);
    }),
  );
  subscriptions.use(happened.more.on(({ session, line, kind }) => watcher.onNotice(session, line, kind)));
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
