// What has happened in each live session, in the local user's words: whoever looks late reads what came before.

import type { Machine } from '../machine.ts';
import { Emitter } from '../session/emitter.ts';
import type { Session } from '../session/session.ts';
import type { NoticeKind } from './controls.ts';
import { noticeOf } from './notices.ts';

const KEPT_MAX = 200; // lines of each session; a person reads no more of them anyway
const LINE_CHARACTERS = 200; // of a message; longer ones take several lines

export interface Happening {
  readonly session: string;
  readonly line: string;
  readonly kind: NoticeKind;
}

export class Happened {
  readonly #lines = new Map<string, Happening[]>();
  /** A line more. */
  readonly more = new Emitter<Happening>();

  constructor({ sessions, log }: Machine) {
    sessions.opened.on((session) => this.#follow(session));
    sessions.settled.on(({ session }) => void this.#lines.delete(session.id));
    log.onEvent((event) => {
      const line = noticeOf(event);
      if (event.session !== null && line !== null) this.#add({ session: event.session, line, kind: 'happened' });
    });
  }

  /** Oldest first. */
  of(session: string): readonly Happening[] {
    return this.#lines.get(session) ?? [];
  }

  #follow(session: Session): void {
    this.#lines.set(session.id, []);
    session.chat.on(({ from, text }) => {
      const [who, kind] =
        from === 'technician' ? ([session.grant.technician.name, 'written'] as const) : (['You', 'happened'] as const);
      for (const line of shortLines(text)) this.#add({ session: session.id, line: `${who}: ${line}`, kind });
    });
  }

  #add(happening: Happening): void {
    const lines = this.#lines.get(happening.session);
    if (lines === undefined) return;
    lines.push(happening);
    if (lines.length > KEPT_MAX) lines.shift();
    this.more.emit(happening);
  }
}

/** A message in lines that fit into a notice. */
function shortLines(text: string): string[] {
  return text.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'gsu')) ?? []);
}
