// What the person at the prompt sees of the sessions as they run, and the line that they write to a technician. A line
// is sent by its own Enter alone: nothing of it ever counts as an answer to a question.

import type { NoticeKind, SessionView } from '../local/controls.ts';
import type { Key } from '../terminal/keys.ts';
import { LineInput } from '../terminal/line-input.ts';

const LINES_MAX = 100; // of all sessions; `chaperoned watch` holds more

export interface SeenLine {
  readonly session: string;
  readonly line: string;
  readonly kind: NoticeKind;
}

/** The latest lines of what happened, of all sessions. */
export class SeenLines {
  #lines: SeenLine[] = [];
  /** How many there ever were. */
  total = 0;

  add(line: SeenLine): void {
    this.total += 1;
    this.#lines = [...this.#lines.slice(1 - LINES_MAX), line];
  }

  /** Those of the sessions named, oldest first. */
  of(sessions: readonly SessionView[]): readonly SeenLine[] {
    return this.#lines.filter(({ session }) => sessions.some(({ id }) => id === session));
  }

  /** Those that came after the first `count`, as far as they are kept. */
  since(count: number): readonly SeenLine[] {
    return this.total === count ? [] : this.#lines.slice(Math.max(-LINES_MAX, count - this.total));
  }

  /** Whom an answer goes to: who wrote last, else who is connected. */
  addressee(sessions: readonly SessionView[]): SessionView | null {
    const last = this.of(sessions).findLast(({ kind }) => kind === 'written');
    return sessions.find(({ id }) => id === last?.session) ?? sessions[0] ?? null;
  }
}

/** What the person is writing, and to whom. */
export class ChatLine {
  readonly session: string;
  readonly who: string;
  readonly #input = new LineInput();

  constructor({ id, technician }: SessionView) {
    this.session = id;
    this.who = technician.name;
  }

  get text(): string {
    return this.#input.text;
  }

  /** `send` with what was written; `closed` when the person leaves it or it is empty; null while they write. */
  press(key: Key): { readonly kind: 'send'; readonly text: string } | { readonly kind: 'closed' } | null {
    if (key.name === 'escape' || key.name === 'ctrl-c' || key.name === 'ctrl-d') return { kind: 'closed' };
    if (this.#input.press(key) !== 'line') return null;
    const text = this.#input.take();
    return text === '' ? { kind: 'closed' } : { kind: 'send', text };
  }
}

/** Keys of somebody who is writing, and may not have seen yet that they are asked something. */
export function isWriting({ name }: Key): boolean {
  return name === 'text' || name === 'paste' || name === 'enter' || name === 'backspace';
}
