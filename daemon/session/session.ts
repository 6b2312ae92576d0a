// A session from grant to end: its state, its parts, and the one way in which it ends (promises 4, 6 and 9).

import { nextState } from '../../protocol/consent.ts';
import type { ChatMessage } from '../../protocol/control/messages.ts';
import type { Grant } from '../../protocol/grant.ts';
import type { EndParty, GrantChange } from '../../protocol/receipt.ts';
import { orderScopes, type Scope } from '../../protocol/scopes.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { SessionCounters } from './counters.ts';
import { Emitter } from './emitter.ts';
import { Permissions, type PromisedScopes } from './permissions.ts';
import { FOR_COMMANDS, FOR_SCOPES, OpenQuestion, QuestionLimit } from './question-limit.ts';
import type { Refusals } from './refusals.ts';
import { certificateEndOf } from './time-limit.ts';
import { AUDIT_TROUBLE, CERTIFICATE_OVER, SCOPE_WITHDRAWN, TIME_IS_OVER } from './words.ts';

const READ_WHY_MS = 3_000; // between a pause that cannot be mended and the end, so that people can read why

/** Something that runs for the technician: a shell, a diagnostic, the control channel. */
export interface SessionPart {
  /** The permission that it lives by: it is cut when that is withdrawn. Absent: it lives as long as the session. */
  readonly scope?: Scope;
  /** Output and input stop; nothing is lost. */
  freeze(): void;
  thaw(): void;
  /** Synchronous: after it returns, this part sends no further byte of content. `words` says why. */
  cut(words: string): void;
  /** Resolves when nothing of it lives. Called after `cut`. */
  finish(): Promise<void>;
}

export interface SessionEnd {
  readonly by: EndParty;
  /** One plain sentence without a period. */
  readonly reason: string;
  readonly at: Date;
  /** From the request to end until every part was cut. */
  readonly cutOffMs: number;
}

export type SessionStateName = 'granted' | 'active' | 'paused' | 'ended';

export class Session {
  readonly id: string;
  readonly permissions: Permissions;
  readonly startedAt = new Date();
  readonly counters = new SessionCounters();
  readonly refusals: Refusals;
  /** How often the technician may have the person asked; one question at a time, of either kind. */
  readonly questions = openQuestions();
  /** The signed grant; empty until it is stored. */
  grantNote = '';
  /** How often it was signed. */
  grantVersion = 1;
  /** The grant was changed, signed anew and stored. */
  readonly grantSigned = new Emitter<void>();
  /** How the permissions changed, for the receipt. */
  readonly changes: GrantChange[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #dying: Promise<unknown> = Promise.resolve();
  readonly #parts = new Set<SessionPart>();
  readonly #changes = new Emitter<void>();
  /** What the two people write to each other, after it was logged. */
  readonly chat = new Emitter<ChatMessage>();
  /** Programs of the technician that show these messages; plain ssh has none. */
  readonly chatReaders = new Set<object>();
  /** The mirrors of open shells, by number. */
  readonly mirrors = new Map<number, Mirror>();
  readonly #running: { promise: Promise<void>; resolve: () => void }[] = [];
  readonly #ending = Promise.withResolvers<SessionEnd>();
  readonly #over = new AbortController();
  #limit: NodeJS.Timeout;
  #state: SessionStateName = 'granted';
  #because = '';
  #recordingFailed = false;
  #end: SessionEnd | null = null;

  constructor(grant: Grant, refusals: Refusals) {
    this.refusals = refusals;
    this.id = grant.session;
    this.permissions = new Permissions(grant);
    this.#limit = this.#endAtLimit();
  }

  get state(): SessionStateName {
    return this.#state;
  }

  /** As it stands now: the local user may withdraw and add permissions at any time. */
  get grant(): Grant {
    return this.permissions.grant;
  }

  /** Until the agreed time is over; at least 1. */
  get leftMs(): number {
    return Math.max(1, Date.parse(this.grant.expiresAt) - Date.now());
  }

  /** Why it is paused, or how it ended; empty while it runs. */
  get because(): string {
    return this.#because;
  }

  get recordingFailed(): boolean {
    return this.#recordingFailed;
  }

  get partCount(): number {
    return this.#parts.size;
  }

  /** What SSH requests may use right now: nothing before it is active and after it ended. */
  get openScopes(): readonly Scope[] {
    return this.#state === 'active' || this.#state === 'paused' ? this.grant.scopes : [];
  }

  /** Aborted at the end, synchronously. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Resolves with how it ended, as soon as every part is cut. */
  get ended(): Promise<SessionEnd> {
    return this.#ending.promise;
  }

  /** Called after each change of state or parts. */
  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  /** Opens the session: from here on channels may exist. */
  open(): void {
    this.#move('opened', 'active', '');
  }

  /**
   * Adds a part; one that comes after the end, or after its permission was withdrawn, is cut at once; one that comes
   * during a pause starts frozen.
   */
  attach(part: SessionPart): Disposable {
    if (this.#end !== null || (part.scope !== undefined && !this.grant.scopes.includes(part.scope))) {
      part.cut(this.#end?.reason ?? SCOPE_WITHDRAWN);
      void part.finish();
      return { [Symbol.dispose]: () => undefined };
    }
    this.#parts.add(part);
    if (this.#state === 'paused') {
      part.freeze();
    }
    this.#changed();
    return {
      [Symbol.dispose]: () => {
        if (this.#parts.delete(part) && this.#end === null) {
          this.#changed();
        }
      },
    };
  }

  /** False when it was not active. */
  pause(reason: string): boolean {
    if (!this.#move('pause', 'paused', reason)) {
      return false;
    }
    this.counters.pauses += 1;
    for (const part of this.#parts) {
      part.freeze();
    }
    return true;
  }

  /** False when it was not paused, or may not go on. */
  resume(): boolean {
    if (this.#recordingFailed || !this.#move('resume', 'active', '')) {
      return false;
    }
    for (const part of this.#parts) {
      part.thaw();
    }
    for (const waiter of this.#running.splice(0)) {
      waiter.resolve();
    }
    return true;
  }

  /** Resolves at once while active, after a pause when it goes on; rejects at the end. */
  whenRunning(): Promise<void> {
    if (this.#state !== 'paused') {
      return this.#end === null ? Promise.resolve() : Promise.reject(this.#over.signal.reason);
    }
    const waiter = Promise.withResolvers<void>();
    this.#running.push(waiter);
    this.#over.signal.addEventListener('abort', () => waiter.reject(this.#over.signal.reason), { once: true });
    return waiter.promise;
  }

  /**
   * Takes permissions back. When this returns, whatever lived by them is cut; what was promised and not yet given will
   * not be given. Returns those that were held. The rest (log, signature, who is told) is `withdrawScopes`.
   */
  withdraw(scopes: Iterable<Scope>, words: string): Scope[] {
    if (this.#end !== null) {
      return [];
    }
    const taken = this.permissions.withdraw(scopes);
    for (const part of this.#parts) {
      if (part.scope !== undefined && taken.includes(part.scope)) {
        part.cut(words);
        this.#dying = Promise.allSettled([this.#dying, part.finish()]); // failures are counted when the session has ended
      }
    }
    if (taken.length > 0) {
      this.#changed();
    }
    return taken;
  }

  /** Moves the time limit forward, never back. False when it stays. */
  shorten(expiresAt: Date): boolean {
    if (this.#end !== null || expiresAt.getTime() >= Date.parse(this.grant.expiresAt)) {
      return false;
    }
    this.permissions.endAt(expiresAt);
    clearTimeout(this.#limit);
    this.#limit = this.#endAtLimit();
    this.#changed();
    return true;
  }

  #endAtLimit(): NodeJS.Timeout {
    const { expiresAt, technician } = this.grant;
    const words = Date.parse(expiresAt) < certificateEndOf(technician) ? TIME_IS_OVER : CERTIFICATE_OVER;
    const left = Date.parse(expiresAt) - Date.now();
    return setTimeout(() => this.end('time limit', words), Math.max(0, left));
  }

  /** Resolves when nothing lives any more of what was withdrawn. */
  async withdrawn(): Promise<void> {
    await this.#dying;
  }

  /** Gives what was promised by `permissions.promise`, so far as nobody withdrew it meanwhile. */
  give(promised: PromisedScopes): Scope[] {
    const given = this.#end === null ? this.permissions.give(promised) : [];
    if (given.length > 0) {
      this.#changed();
    }
    return given;
  }

  /** Changes of the grant that are signed and logged, one after the other. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Aborted when `scope` is withdrawn or the session ends; at once when it is not held. */
  whileHeld(scope: Scope): AbortSignal {
    return AbortSignal.any([this.permissions.whileHeld(scope), this.over]);
  }

  /** Promise 4: no recorder, no session. Pauses now, says why, and ends when there was time to read it; before it is open, ends. */
  loseRecorder(problem: string): void {
    if (this.#recordingFailed || this.#end !== null) {
      return;
    }
    this.#recordingFailed = true;
    const words = `${AUDIT_TROUBLE}: ${problem}`;
    if (this.#state === 'granted') {
      this.end('machine', words);
      return;
    }
    this.pause(words);
    const ending = setTimeout(() => this.end('machine', words), READ_WHY_MS);
    this.#over.signal.addEventListener('abort', () => clearTimeout(ending), { once: true });
  }

  /** Ends it, once and for all. When this returns, every part is cut; {@link finished} waits for what must still die. */
  end(by: EndParty, reason: string): void {
    if (this.#end !== null) {
      return;
    }
    const asked = performance.now();
    this.#state = 'ended';
    this.#because = reason;
    for (const part of this.#parts) {
      part.cut(reason);
    }
    clearTimeout(this.#limit);
    this.#end = { by, reason, at: new Date(), cutOffMs: performance.now() - asked };
    this.#over.abort();
    this.#changed();
    this.#ending.resolve(this.#end);
  }

  /** After the end: resolves when no part lives any more, with the number of parts that could not be killed. */
  async finished(): Promise<number> {
    const results = await Promise.allSettled([...this.#parts].map((part) => part.finish()));
    this.#parts.clear();
    return results.filter((result) => result.status === 'rejected').length;
  }

  #move(event: 'opened' | 'pause' | 'resume', to: SessionStateName, because: string): boolean {
    if (nextState(this.#state, event) !== to) {
      return false;
    }
    this.#state = to;
    this.#because = because;
    this.#changed();
    return true;
  }

  #changed(): void {
    this.#changes.emit();
  }
}

function openQuestions(): { readonly scopes: QuestionLimit; readonly commands: QuestionLimit } {
  const open = new OpenQuestion();
  return { scopes: new QuestionLimit(FOR_SCOPES, open), commands: new QuestionLimit(FOR_COMMANDS, open) };
}

/** For the receipt: in the order of the vocabulary. */
export function scopesUsed(session: Session): Scope[] {
  return orderScopes(session.counters.scopesUsed);
}
