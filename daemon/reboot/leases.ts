// Where the reboot lease is kept: in memory and on disk, one for the whole machine, gone before it is used.

import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { NoteSigner } from '../../protocol/log/note-keys.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { openSignedJson, signJson } from '../../protocol/signed-json.ts';
import type { MachineLog } from '../audit/machine-log.ts';
import { Emitter } from '../session/emitter.ts';
import type { Session } from '../session/session.ts';
import { DAEMON_STOPPED } from '../session/words.ts';
import { afterStart, type BootClock, LEASE_MS, Lease, whyNotNow } from './lease.ts';

const FILE = 'reboot-lease.note';
const WRONG_MAX = 3; // wrong secrets; then the lease is gone
const SECRET_BYTES = 32;

export interface LeasesOptions {
  readonly home: string;
  readonly signer: NoteSigner;
  readonly log: Pick<MachineLog, 'append'>;
  readonly logger: Logger;
  /** @default this machine's */
  readonly clock?: BootClock;
}

export class RebootLeases {
  /** It was made, used or cancelled. */
  readonly changed = new Emitter<void>();
  readonly #options: LeasesOptions;
  readonly #clock: BootClock;
  readonly #file: string;
  #lease: Lease | null = null;
  #wrong = 0;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? machineClock();
    this.#file = join(options.home, FILE);
  }

  /** Takes up what a former run of the daemon left. To be called once, before anyone is let in. */
  async begin(): Promise<void> {
    const found = this.#read();
    if (found === null) return;
    const lease = typeof found === 'string' ? found : afterStart(found, this.#clock);
    if (typeof lease === 'string') {
      this.#forget();
      await this.#options.log.append('lease.cancelled', { reason: lease });
      return;
    }
    this.#lease = lease;
    this.#write(lease);
    await this.#options.log.append('lease.waiting', { technician: lease.technician.name, until: lease.expiresAt });
  }

  /** The one that stands now, for status and windows. */
  get present(): Lease | null {
    if (this.#lease !== null && this.#clock.now() >= Date.parse(this.#lease.expiresAt)) {
      void this.cancel('its time is over').catch(() => undefined);
    }
    return this.#lease;
  }

  /**
   * Makes one for this session; a former one is gone. The secret goes to the technician's program and is not kept.
   *
   * @throws ChaperoneError where a restart cannot be told from anything else
   */
  async make(session: Session): Promise<{ readonly secret: string; readonly expiresAt: string }> {
    const { grant } = session;
    const scopes = grant.scopes.filter((scope) => scope !== 'reboot');
    if (this.#clock.boot === null || scopes.length === 0) {
      throw new ChaperoneError('this machine cannot prepare a return after a restart', {
        hint: scopes.length === 0 ? 'nothing but the restart was allowed' : 'nothing tells it whether it was restarted',
      });
    }
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const lease: Lease = {
      v: 1,
      id: randomUUID(),
      session: session.id,
      technician: { name: grant.technician.name, keyFingerprint: grant.technician.keyFingerprint },
      secret: hashOf(secret),
      scopes,
      expiresAt: new Date(this.#clock.now() + LEASE_MS).toISOString(),
      sessionUntil: grant.expiresAt,
      boot: this.#clock.boot,
      returnBoot: null,
    };
    await this.#options.log.append(
      'lease.made',
      { scopes, until: lease.expiresAt },
      { session: session.id, actor: lease.technician.keyFingerprint },
    );
    // While the log was written the person may have taken the permission back, or ended the session.
    if (!session.openScopes.includes('reboot')) throw new ChaperoneError('the permission was taken back');
    this.#wrong = 0;
    this.#lease = lease;
    this.#write(lease);
    this.#hold(session);
    this.changed.emit();
    return { secret, expiresAt: lease.expiresAt };
  }

  /** Whether this technician should be asked for the secret at all. */
  awaits(keyFingerprint: string): boolean {
    return this.present !== null && whyNotNow(this.present, keyFingerprint, this.#clock) === null;
  }

  /** Whether the secret is right now. It stays, seen by the person and theirs to cancel; a wrong one counts. */
  proves(keyFingerprint: string, secret: string): boolean {
    return this.#judge(keyFingerprint, secret) !== null;
  }

  /** Uses it up. Resolves with what it gives, or null when it gives nothing; it is gone from disk before that. */
  async take(keyFingerprint: string, secret: string): Promise<Lease | null> {
    const lease = this.#judge(keyFingerprint, secret);
    if (lease === null) return null;
    this.#forget();
    await this.#options.log.append('lease.used', { session: lease.session }, { actor: keyFingerprint });
    return lease;
  }

  /** At once: between judging and taking, nobody else may come. */
  #judge(keyFingerprint: string, secret: string): Lease | null {
    const lease = this.present;
    if (lease === null || whyNotNow(lease, keyFingerprint, this.#clock) !== null) return null;
    if (timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(lease.secret))) return lease;
    this.#wrong += 1;
    if (this.#wrong >= WRONG_MAX) void this.cancel('a wrong secret was given for it').catch(() => undefined);
    return null;
  }

  /** What was taken back does not return with it; without `reboot`, or when nothing is left, it is gone. */
  async withdraw(scopes: readonly Scope[], reason: string): Promise<void> {
    const lease = this.#lease;
    if (lease === null) return;
    const left = lease.scopes.filter((scope) => !scopes.includes(scope));
    if (scopes.includes('reboot') || left.length === 0) await this.cancel(reason);
    else if (left.length < lease.scopes.length) this.#keep({ ...lease, scopes: left });
  }

  /** At once; resolves when it is logged. Nothing when there is none. */
  async cancel(reason: string): Promise<boolean> {
    if (this.#lease === null) return false;
    const { session } = this.#lease;
    this.#forget();
    await this.#options.log.append('lease.cancelled', { reason }, { session });
    return true;
  }

  /** It outlives the session only when that ends as a restart ends it. */
  #hold(session: Session): void {
    const cancel = (reason: string): void => {
      if (this.#lease?.session === session.id) void this.cancel(reason).catch(() => undefined);
    };
    const narrow = (): void => {
      const lease = this.#lease;
      if (lease?.session !== session.id || session.state === 'ended') return;
      const { scopes: held, expiresAt } = session.grant;
      const scopes = lease.scopes.filter((scope) => held.includes(scope));
      if (scopes.length === 0) cancel('the permissions were taken back');
      else if (scopes.length < lease.scopes.length || expiresAt !== lease.sessionUntil)
        this.#keep({ ...lease, scopes, sessionUntil: expiresAt });
    };
    const watching = session.onChange(narrow);
    narrow(); // what was taken back while the log was written
    void session.ended.then(() => watching[Symbol.dispose]());
    const held = session.whileHeld('reboot');
    held.addEventListener('abort', () => {
      if (!session.over.aborted) cancel('the permission was taken back');
    });
    void session.ended.then(({ by, reason }) => {
      if (by !== 'connection' && reason !== DAEMON_STOPPED) cancel(`the session was ended: ${reason}`);
    });
  }

  #read(): Lease | string | null {
    let note: string;
    try {
      note = readFileSync(this.#file, 'utf8');
    } catch {
      return null;
    }
    try {
      return openSignedJson('lease', Lease, note, this.#options.signer.verifier.key);
    } catch {
      return 'it is damaged or was changed';
    }
  }

  #write(lease: Lease): void {
    writeFileSync(this.#file, signJson('lease', lease, this.#options.signer), { mode: 0o600, flush: true });
  }

  /** A narrower one. One that cannot be kept is none: on disk it would still be as wide as before. */
  #keep(lease: Lease): void {
    try {
      this.#write(lease);
      this.#lease = lease;
    } catch {
      void this.cancel('it could not be narrowed').catch(() => undefined);
    }
    this.changed.emit();
  }

  #forget(): void {
    this.#lease = null;
    try {
      rmSync(this.#file, { force: true });
    } catch (problem) {
      this.#options.logger.error({ problem }, 'a lease that is over could not be removed');
    }
    this.changed.emit();
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function machineClock(): BootClock {
  let boot: string | null = null;
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Another system: no lease is made there.
  }
  return { boot, now: Date.now, upMs: () => uptime() * 1000 };
}
