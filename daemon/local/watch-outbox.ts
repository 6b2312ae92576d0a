// What one watcher has yet to see. A watcher that reads slowly gets fewer pictures, never a slower session: of each
// shell only the newest picture waits, and nothing is written while the socket is full.

import type { Socket } from 'node:net';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import type { MirrorFrame } from '../mirror/frame.ts';
import type { NoticeKind, SessionView, Watcher } from './controls.ts';
import type { DaemonNotice, DaemonNoticeParams } from './messages.ts';

const NOTICES_MAX = 200; // lines that may wait; a person reads no more of them anyway
const RECEIPTS_MAX = 32; // as many as sessions
const STYLED_MAX = 512 * 1024; // characters of one picture in colour; beyond it a picture goes without

type Notify = <M extends DaemonNotice>(method: M, params: DaemonNoticeParams<M>) => void;

export class WatchOutbox implements Watcher, Disposable {
  readonly #socket: Socket;
  readonly #notify: Notify;
  readonly #sessions = new Map<string, SessionView>();
  readonly #frames = new Map<string, DaemonNoticeParams<'watch.frame'>>();
  readonly #receipts = new Map<string, string>();
  #notices: DaemonNoticeParams<'watch.notice'>[] = [];
  #leftOut = 0;
  #soon: NodeJS.Immediate | undefined;
  readonly #onDrain = (): void => this.#flush();

  constructor(socket: Socket, notify: Notify) {
    this.#socket = socket;
    this.#notify = notify;
    socket.on('drain', this.#onDrain);
  }

  onSession(session: SessionView): void {
    this.#sessions.set(session.id, session);
    this.#later();
  }

  onFrame(session: string, shell: number, frame: MirrorFrame): void {
    this.#frames.set(`${session} ${shell}`, { session, shell, frame });
    this.#later();
  }

  onNotice(session: string, line: string, kind?: NoticeKind): void {
    this.#notices.push(kind === undefined ? { session, line } : { session, line, kind });
    if (this.#notices.length > NOTICES_MAX) {
      this.#notices.shift();
      this.#leftOut += 1;
    }
    this.#later();
  }

  onReceipt(session: string, note: string): void {
    if (this.#receipts.size < RECEIPTS_MAX) this.#receipts.set(session, note);
    this.#later();
  }

  /** What waits is sent as far as the socket takes it: a receipt should not be lost because the daemon stops. */
  [Symbol.dispose](): void {
    clearImmediate(this.#soon);
    this.#flush();
    this.#socket.off('drain', this.#onDrain);
  }

  /** Not at once: of what happens together, the session is told before its pictures. */
  #later(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      this.#flush();
    });
  }

  /** One message at a time, so that what waits in the socket is bounded by one message too. */
  #flush(): void {
    while (!this.#socket.writableNeedDrain && !this.#socket.destroyed && this.#sendOne());
  }

  #sendOne(): boolean {
    const session = shiftFrom(this.#sessions);
    if (session !== undefined) {
      this.#notify('watch.session', session);
      return true;
    }
    const notice = this.#notices.shift();
    if (notice !== undefined) {
      if (this.#leftOut > 0) {
        this.#notify('watch.notice', {
          session: notice.session,
          line: `(${this.#leftOut} earlier lines are left out)`,
        });
        this.#leftOut = 0;
      }
      this.#notify('watch.notice', notice);
      return true;
    }
    const picture = shiftFrom(this.#frames);
    if (picture !== undefined) {
      this.#notify('watch.frame', { ...picture, frame: sendable(picture.frame) });
      return true;
    }
    const [receipt] = this.#receipts;
    if (receipt === undefined) return false;
    this.#receipts.delete(receipt[0]);
    this.#notify('watch.receipt', { session: receipt[0], note: receipt[1] });
    return true;
  }
}

function shiftFrom<T>(waiting: Map<string, T>): T | undefined {
  const [first] = waiting;
  if (first === undefined) return undefined;
  waiting.delete(first[0]);
  return first[1];
}

/** A technician may open a terminal of half a million cells, each with a colour of its own. */
function sendable(frame: MirrorFrame): MirrorFrame {
  const size = frame.lines.reduce((sum, line) => sum + line.length, 0);
  return size <= STYLED_MAX ? frame : { ...frame, lines: frame.lines.map(unstyled) };
}
