// What the watcher has seen: sessions, the screens of their shells, lines of what happened, receipts. Bounded.

import type { SessionView, Watcher } from '../local/controls.ts';
import type { MirrorFrame } from '../mirror/frame.ts';

const LINES_MAX = 500; // of each session
const SESSIONS_MAX = 32; // ended ones included; the oldest ended goes first
const SHELLS_MAX = 64; // screens kept of each session

export interface WatchedSession {
  readonly view: SessionView;
  /** By the number of the shell, in the order of opening. */
  readonly shells: ReadonlyMap<number, MirrorFrame>;
  /** The shell that is shown. */
  readonly shell: number | null;
  readonly lines: readonly string[];
  /** The receipt as a signed note, after the end. */
  readonly receipt: string | null;
}

interface Kept {
  view: SessionView;
  readonly shells: Map<number, MirrorFrame>;
  shell: number | null;
  readonly lines: string[];
  receipt: string | null;
}

export interface WatchEvents {
  onChange(): void;
  onSession?(session: WatchedSession): void;
  onLine?(session: WatchedSession, line: string): void;
  onReceipt?(session: WatchedSession, note: string): void;
}

export class WatchModel implements Watcher {
  readonly #events: WatchEvents;
  readonly #sessions = new Map<string, Kept>();
  #selected: string | null = null;

  constructor(events: WatchEvents) {
    this.#events = events;
  }

  /** Oldest first. */
  get sessions(): readonly WatchedSession[] {
    return [...this.#sessions.values()];
  }

  get live(): readonly WatchedSession[] {
    return this.sessions.filter(({ view }) => view.state !== 'ended');
  }

  get selected(): WatchedSession | null {
    return this.#selected === null ? null : (this.#sessions.get(this.#selected) ?? null);
  }

  /** The next session, or the next shell of this one. */
  next(what: 'session' | 'shell'): void {
    if (what === 'session') this.#selected = following([...this.#sessions.keys()], this.#selected);
    else {
      const kept = this.#selected === null ? undefined : this.#sessions.get(this.#selected);
      if (kept !== undefined) kept.shell = following([...kept.shells.keys()], kept.shell);
    }
    this.#events.onChange();
  }

  onSession(view: SessionView): void {
    const known = this.#sessions.get(view.id);
    if (known === undefined) {
      this.#makeRoom();
      this.#sessions.set(view.id, { view, shells: new Map(), shell: null, lines: [], receipt: null });
      // A new session is shown at once, unless another one is being watched.
      if (this.selected === null || this.selected.view.state === 'ended') this.#selected = view.id;
    } else known.view = view;
    this.#tell(view.id, (session) => this.#events.onSession?.(session));
  }

  onFrame(id: string, shell: number, frame: MirrorFrame): void {
    const kept = this.#sessions.get(id);
    if (kept === undefined) return;
    if (!kept.shells.has(shell)) {
      kept.shell = shell;
      const [oldest] = kept.shells.keys();
      if (kept.shells.size >= SHELLS_MAX && oldest !== undefined) kept.shells.delete(oldest);
    }
    kept.shells.set(shell, frame);
    this.#events.onChange();
  }

  onNotice(id: string, line: string): void {
    const kept = this.#sessions.get(id);
    if (kept === undefined) return;
    kept.lines.push(line);
    if (kept.lines.length > LINES_MAX) kept.lines.shift();
    this.#tell(id, (session) => this.#events.onLine?.(session, line));
  }

  onReceipt(id: string, note: string): void {
    const kept = this.#sessions.get(id);
    if (kept === undefined) return;
    kept.receipt = note;
    this.#tell(id, (session) => this.#events.onReceipt?.(session, note));
  }

  /** The daemon is gone, and with it every session. */
  lost(): void {
    for (const kept of this.#sessions.values()) {
      if (kept.view.state !== 'ended') {
        kept.view = { ...kept.view, state: 'ended', because: 'Chaperone has stopped on this computer' };
      }
    }
    this.#events.onChange();
  }

  #tell(id: string, tell: (session: WatchedSession) => void): void {
    const kept = this.#sessions.get(id);
    if (kept !== undefined) tell(kept);
    this.#events.onChange();
  }

  #makeRoom(): void {
    if (this.#sessions.size < SESSIONS_MAX) return;
    for (const [id, { view }] of this.#sessions) {
      if (view.state === 'ended') {
        this.#sessions.delete(id);
        return;
      }
    }
  }
}

function following<T>(all: readonly T[], present: T | null): T | null {
  if (all.length === 0) return null;
  const index = present === null ? -1 : all.indexOf(present);
  return all[(index + 1) % all.length] ?? null;
}
