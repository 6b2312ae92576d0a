// A machine without SSH, log or shell: the real consent desk and controls held in memory, for tests of the programs
// that the local user sees.

import { randomUUID } from 'node:crypto';
import { ConsentDesk, type DeskAnswer, type Question } from '../../daemon/consent/desk.ts';
import type { Prompter } from '../../daemon/consent/prompter.ts';
import type {
  CodeView,
  LocalControls,
  MachineStatus,
  Said,
  SessionView,
  Watcher,
} from '../../daemon/local/controls.ts';
import { Presence, type ToldPresence } from '../../daemon/presence/presence.ts';
import { Emitter } from '../../daemon/session/emitter.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import { orderScopes, SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';

export const DANA: TechnicianIdentity = {
  name: 'Dana Roe',
  role: 'technician',
  phone: '+1 555 0100',
  organisation: 'Clinic IT',
  keyFingerprint: `SHA256:${'A'.repeat(43)}`,
  verifiedBy: 'listed',
};

/** Hers, for what only has to be shown. */
export const DANAS_SESSION: SessionView = {
  id: '01900000-0000-7000-8000-000000000000',
  state: 'active',
  because: '',
  technician: DANA,
  reason: 'x',
  ticket: 'T-1',
  scopes: ['diagnostics'],
  startedAt: '2026-11-22T10:00:00.000Z',
  expiresAt: '2026-11-22T12:00:00.000Z',
  recording: 'on',
  channels: 1,
};

export class InMemoryMachine implements LocalControls {
  readonly desk: ConsentDesk;
  readonly watchers = new Set<Watcher>();
  readonly #changed = new Emitter<void>();
  readonly said: string[] = [];
  readonly presence = new Presence();
  /** What the person asked help for. */
  wish = '';
  /** Sessions that a window of their own shows. */
  readonly indicated = new Set<string>();
  /** What happened to questions, in order: `prompted`, `displayed`. */
  readonly asked: string[] = [];
  /** Pictures that a new watcher gets at once, before it hears of their sessions: as the daemon gives them. */
  present: Parameters<Watcher['onFrame']>[] = [];
  sessions: SessionView[] = [];
  #code = 27;
  expiresInMs = 581_000;
  healthy = true;
  listen = ['127.0.0.1:2200'];
  policyNotes: string[] = [];

  /** What happens when the time to answer is over. */
  readonly #times = new Set<() => void>();

  constructor(armsAfterMs = 1500) {
    this.desk = new ConsentDesk(armsAfterMs, (ms, over) => {
      const timer = setTimeout(over, ms);
      this.#times.add(over);
      return {
        [Symbol.dispose]: () => {
          clearTimeout(timer);
          this.#times.delete(over);
        },
      };
    });
  }

  /** The time to answer the question that is open is over now. */
  expire(): void {
    for (const over of this.#times) over();
  }

  status(): MachineStatus {
    const { asking } = this.desk;
    return {
      machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
      version: '0.1.0',
      pid: process.pid,
      listen: this.listen,
      hostKey: `SHA256:${'B'.repeat(43)}`,
      machineKey: 'chaperone/machine/482913077+00000000+AAAA',
      prompters: this.desk.prompterNames,
      asking:
        asking === null
          ? null
          : { technician: asking.question.technician, until: new Date(asking.until).toISOString() },
      sessions: this.sessions,
      policy: { file: '/etc/chaperone/policy.yaml', since: '2026-03-01T08:00:00.000Z', notes: this.policyNotes },
      log: { size: 42, healthy: this.healthy },
      helpAskedAt: this.wish === '' ? null : new Date().toISOString(),
    };
  }

  code(): CodeView {
    return {
      connectionId: '482913077',
      code: `${this.#code}-harbor-violet`,
      expiresAt: new Date(Date.now() + this.expiresInMs).toISOString(),
      attemptsLeft: 3,
      because: 'started',
    };
  }

  onChange(listener: () => void): Disposable {
    const both = new DisposableStack();
    both.use(this.#changed.on(listener));
    both.use(this.desk.changed.on(listener));
    return both;
  }

  async newCode(): Promise<CodeView> {
    this.#code += 1;
    this.#changed.emit();
    return this.code();
  }

  addPrompter(prompter: Prompter): Disposable {
    return this.desk.addPrompter(prompter);
  }

  indicate(session: string): Disposable {
    this.indicated.add(session);
    return { [Symbol.dispose]: () => void this.indicated.delete(session) };
  }

  hearPresence(): ToldPresence {
    return this.presence.hear('a test');
  }

  async pause(session: string | null): Promise<SessionView[]> {
    const held = this.sessions.filter(({ state }) => state === 'paused').map(({ id }) => id);
    const because = 'the person at the machine paused the session';
    return this.#change(session, { state: 'paused', because }).filter(({ id }) => !held.includes(id));
  }

  async resume(session: string | null): Promise<SessionView[]> {
    return this.#change(session, { state: 'active', because: '' });
  }

  async end(session: string | null): Promise<SessionView[]> {
    const touched = this.#change(session, { state: 'ended', because: 'the person at the machine ended the session' });
    this.sessions = this.sessions.filter(({ state }) => state !== 'ended');
    return touched;
  }

  async withdraw(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]> {
    return this.#change(session, (view) => ({ scopes: view.scopes.filter((scope) => !scopes.includes(scope)) }));
  }

  async allow(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]> {
    return this.#change(session, (view) => ({ scopes: orderScopes([...view.scopes, ...scopes]) }));
  }

  watch(watcher: Watcher): Disposable {
    this.watchers.add(watcher);
    for (const [session, shell, frame] of this.present) watcher.onFrame(session, shell, frame);
    for (const session of this.sessions) watcher.onSession(session);
    return { [Symbol.dispose]: () => void this.watchers.delete(watcher) };
  }

  async askForHelp(text: string): Promise<void> {
    this.wish = text;
  }

  async receipts(): Promise<{ session: string; note: string }[]> {
    return [];
  }

  async say(_: string | null, text: string): Promise<Said> {
    this.said.push(text);
    return { reached: this.sessions.map(({ technician }) => technician.name), missed: [] };
  }

  /** Puts a question as the connection path does. */
  ask(question: Question, timeoutMs = 60_000, signal: AbortSignal = new AbortController().signal): Promise<DeskAnswer> {
    const events = {
      onPrompted: async () => void this.asked.push('prompted'),
      onDisplayed: () => void this.asked.push('displayed'),
    };
    return this.desk.ask(question, timeoutMs, events, signal);
  }

  /** A technician writes to the person. */
  write(session: SessionView, text: string): void {
    for (const watcher of this.watchers) watcher.onNotice(session.id, `${session.technician.name}: ${text}`, 'written');
  }

  /** A session that is active from now on. */
  open(change: Partial<SessionView> = {}): SessionView {
    const session: SessionView = {
      id: randomUUID(),
      state: 'active',
      because: '',
      technician: DANA,
      reason: 'the printer on floor 2 prints blank pages',
      ticket: 'T-1001',
      scopes: ['diagnostics', 'shell'],
      startedAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 7_200_000).toISOString(),
      recording: 'on',
      channels: 1,
      ...change,
    };
    this.sessions.push(session);
    this.#changed.emit();
    for (const watcher of this.watchers) watcher.onSession(session);
    return session;
  }

  #change(
    id: string | null,
    change: Partial<SessionView> | ((view: SessionView) => Partial<SessionView>),
  ): SessionView[] {
    if (id !== null && !this.sessions.some((session) => session.id === id)) {
      throw new ChaperoneError(`there is no session ${id}`, { hint: 'see `chaperoned status`' });
    }
    const touched: SessionView[] = [];
    this.sessions = this.sessions.map((session) => {
      if (id !== null && session.id !== id) return session;
      const changed = { ...session, ...(typeof change === 'function' ? change(session) : change) };
      touched.push(changed);
      return changed;
    });
    this.#changed.emit();
    for (const watcher of this.watchers) for (const session of touched) watcher.onSession(session);
    return touched;
  }
}

/** What is asked when nothing else is said: two permissions, one of them ticked beforehand. */
export function question(
  change: Partial<Question> = {},
  scopes: readonly Scope[] = ['diagnostics', 'shell'],
): Question {
  return {
    id: randomUUID(),
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician: DANA,
    address: '192.168.1.7',
    reason: 'the printer on floor 2 prints blank pages',
    ticket: 'T-1001',
    offered: scopes.map((scope) => {
      const { title, allows, mayBePreTicked } = SCOPE_WORDS[scope];
      return { scope, title, allows, preTicked: mayBePreTicked };
    }),
    limitMs: 7_200_000,
    recorded: { output: true, input: false },
    notices: [],
    ...change,
  };
}
