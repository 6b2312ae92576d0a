// What the local user's programs can do, on the daemon's side (LocalControls). Each change is logged before it shows.

import { ChaperoneError } from '../../protocol/errors.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { sanitiseText } from '../../protocol/terminal/sanitise.ts';
import { VERSION } from '../../protocol/version.ts';
import type { PromptPlace } from '../consent/desk.ts';
import type { Prompter } from '../consent/prompter.ts';
import type { Machine } from '../machine.ts';
import { absenceWords } from '../presence/hold-sessions.ts';
import type { ToldPresence } from '../presence/presence.ts';
import type { Lease } from '../reboot/lease.ts';
import { launcherLack } from '../run/launcher.ts';
import { addScopes, withdrawScopes } from '../session/change-grant.ts';
import { latestReceipts, type StoredReceipt } from '../session/latest-receipts.ts';
import type { Session } from '../session/session.ts';
import { PERSON_ENDED, PERSON_PAUSED, SCOPE_ADDED, SCOPE_WITHDRAWN } from '../session/words.ts';
import type { CodeView, LocalControls, MachineStatus, Said, SessionView, Watcher, WatchWish } from './controls.ts';
import { Happened } from './happened.ts';
import { onMachineChange } from './machine-changes.ts';
import { sessionView } from './session-view.ts';
import { watchMachine } from './watch-machine.ts';

const RECEIPTS_SHOWN = 10; // a menu's worth; all of them are in the state directory

const TOLD_BY_DESKTOP = 'the program in the tray';

export class LocalUser implements LocalControls {
  readonly #machine: Machine;
  readonly #addresses: () => readonly string[];
  readonly #happened: Happened;

  constructor(machine: Machine, addresses: () => readonly string[]) {
    this.#machine = machine;
    this.#addresses = addresses;
    this.#happened = new Happened(machine);
  }

  status(): MachineStatus {
    const { identity, keys, desk, sessions, log, policies } = this.#machine;
    const { asking } = desk;
    const lack = launcherLack();
    return {
      machine: identity,
      version: VERSION,
      pid: process.pid,
      listen: [...this.#addresses()],
      hostKey: keys.hostKeyFingerprint,
      machineKey: keys.signer.verifier.key,
      prompters: desk.prompterNames,
      asking:
        asking === null
          ? null
          : { technician: asking.question.technician, until: new Date(asking.until).toISOString() },
      sessions: this.#views(sessions.live),
      policy: { file: policies.loaded.file, since: policies.loadedAt.toISOString(), notes: policies.notes },
      log: { size: log.size, healthy: log.healthy },
      lacks: lack === null ? [] : [`${lack.words}; ${lack.todo}`],
      helpAskedAt: this.#machine.help.present?.askedAt ?? null,
      lease: leaseView(this.#machine.leases.present),
      presence: {
        known: this.#machine.presence.known,
        absence: absenceWords(this.#machine.presence.absence),
        awayAfterMs: policies.current.consent.pauseWhenAwayMs,
      },
    };
  }

  code(): CodeView {
    const { codes, identity } = this.#machine;
    const { code, because, expiresAt, attemptsLeft } = codes.present;
    return { connectionId: identity.id, code, expiresAt: new Date(expiresAt).toISOString(), attemptsLeft, because };
  }

  onChange(listener: () => void): Disposable {
    return onMachineChange(this.#machine, listener);
  }

  async newCode(): Promise<CodeView> {
    this.#machine.codes.renew('asked for');
    return this.code();
  }

  addPrompter(prompter: Prompter, shows: boolean, place: PromptPlace): Disposable {
    const asking = this.#shown(this.#machine.desk.addPrompter(prompter, place), shows);
    if (shows) return asking;
    const both = new DisposableStack();
    both.use(this.#machine.indicator.expectOwnWindows());
    both.use(asking);
    return both;
  }

  indicate(session: string): Disposable {
    return this.#machine.indicator.show(session);
  }

  hearPresence(): ToldPresence {
    return this.#machine.presence.hear(TOLD_BY_DESKTOP);
  }

  /** Freezes first and logs after: a pause is never late because a disk is slow. */
  async pause(session: string | null): Promise<SessionView[]> {
    const touched = this.#named(session).filter((each) => each.pause(PERSON_PAUSED));
    await Promise.all(
      touched.map((each) =>
        this.#machine.log.append('session.paused', { reason: PERSON_PAUSED }, { session: each.id }),
      ),
    );
    return this.#views(touched);
  }

  async resume(session: string | null): Promise<SessionView[]> {
    if (this.#machine.presence.absence === 'locked') {
      throw new ChaperoneError('the screen is locked, so nothing goes on', { hint: 'unlock it first' });
    }
    const paused = this.#named(session).filter((each) => each.state === 'paused' && !each.recordingFailed);
    await Promise.all(
      paused.map((each) => this.#machine.log.append('session.resumed', { by: 'local user' }, { session: each.id })),
    );
    return this.#views(paused.filter((each) => each.resume()));
  }

  /** Resolves when every process of the sessions is gone and their receipts are written. */
  async end(session: string | null): Promise<SessionView[]> {
    const endNow = (): Session[] => {
      const live = this.#named(session);
      for (const each of live) each.end('local user', PERSON_ENDED);
      return live;
    };
    const touched = endNow();
    if (session === null) {
      await this.#machine.leases.cancel(PERSON_ENDED);
      await this.#machine.sessions.begun(); // allowed a moment ago, and on its way through the log
      touched.push(...endNow());
    }
    await this.#machine.sessions.quiet();
    return this.#views(touched);
  }

  async withdraw(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]> {
    const touched = this.#named(session).filter(({ grant }) => grant.scopes.some((scope) => scopes.includes(scope)));
    await Promise.all(touched.map((each) => withdrawScopes(this.#machine, each, scopes)));
    await this.#machine.leases.withdraw(scopes, SCOPE_WITHDRAWN); // it may wait without a session
    return this.#views(touched);
  }

  async allow(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]> {
    const touched = this.#named(session);
    if (touched.length > 1) {
      const names = touched.map((each) => `${each.grant.technician.name} (--session ${each.id})`);
      throw new ChaperoneError('several technicians are connected, so say whom you allow this', {
        hint: names.join(', '),
      });
    }
    const change = { by: 'local user', reason: SCOPE_ADDED } as const;
    await Promise.all(touched.map((each) => addScopes(this.#machine, each, scopes, change)));
    return this.#views(touched);
  }

  watch(watcher: Watcher, { shows, pictures }: WatchWish): Disposable {
    return this.#shown(watchMachine(this.#machine, this.#happened, watcher, pictures), shows);
  }

  askForHelp(text: string): Promise<void> {
    return this.#machine.help.ask(text);
  }

  receipts(): Promise<StoredReceipt[]> {
    return latestReceipts(this.#machine.home, RECEIPTS_SHOWN);
  }

  async say(session: string | null, text: string): Promise<Said> {
    const clean = sanitiseText(text, { maxLength: 2000, maxLines: 50 });
    const message = { from: 'local user' as const, text: clean };
    const said: Said = { reached: [], missed: [] };
    for (const each of this.#named(session)) {
      await this.#machine.log.append('chat.message', message, { session: each.id });
      each.chat.emit({ ...message, at: new Date().toISOString() });
      said[each.chatReaders.size > 0 ? 'reached' : 'missed'].push(each.grant.technician.name);
    }
    return said;
  }

  #views(sessions: readonly Session[]): SessionView[] {
    return sessions.map((session) => sessionView(session, this.#machine));
  }

  /** A window that asks or watches is an indicator too: it shows every session (promise 6). */
  #shown(window: Disposable, shows: boolean): Disposable {
    if (!shows) return window;
    const both = new DisposableStack();
    both.use(this.#machine.indicator.show(null));
    both.use(window);
    return both;
  }

  #named(id: string | null): Session[] {
    if (id === null) {
      return this.#machine.sessions.live.filter((session) => session.state !== 'ended');
    }
    const session = this.#machine.sessions.find(id);
    if (session === undefined) {
      throw new ChaperoneError(`there is no session ${id}`, { hint: 'see `chaperoned status`' });
    }
    return [session];
  }
}

function leaseView(lease: Lease | null): MachineStatus['lease'] {
  return lease === null ? null : { technician: lease.technician.name, until: lease.expiresAt };
}
