// The policy in force. It is read anew when its files change; what is broken leaves the former one in force.

import { isDeepStrictEqual } from 'node:util';
import { ChaperoneError } from '../../protocol/errors.ts';
import { Emitter } from '../session/emitter.ts';
import { oneLine } from './errors.ts';
import { formatListenAddress } from './listen-address.ts';
import { type LoadedPolicy, loadPolicy } from './load.ts';
import type { Policy } from './policy.ts';
import { writeSeenVersion } from './seen-version.ts';

/** Where the store says what happens to the policy, before it takes effect. */
export interface PolicyRecord {
  loaded(loaded: LoadedPolicy): Promise<void>;
  refused(file: string, problem: string): Promise<void>;
}

export class PolicyStore {
  /** A new policy is in force. */
  readonly changed = new Emitter<void>();
  readonly #home: string;
  readonly #record: PolicyRecord;
  readonly #listen: Policy['listen'];
  #loaded: LoadedPolicy;
  #loadedAt = new Date();
  #broken: ChaperoneError | null = null;
  #told = '';
  #remembered = '';
  #forgetful = false;
  #turn: Promise<void> = Promise.resolve();

  /** @param loaded what the daemon starts with; {@link begin} makes it count */
  constructor(loaded: LoadedPolicy, home: string, record: PolicyRecord) {
    this.#loaded = loaded;
    this.#home = home;
    this.#record = record;
    this.#listen = loaded.policy.listen;
  }

  /** What holds now. Ask for it anew for each decision. */
  get current(): Policy {
    return this.#loaded.policy;
  }

  get loaded(): LoadedPolicy {
    return this.#loaded;
  }

  get loadedAt(): Date {
    return this.#loadedAt;
  }

  /** What the person who looks after this computer should know, one line each: empty while all is as written. */
  get notes(): string[] {
    const notes: string[] = [];
    if (this.#broken !== null) {
      notes.push(`the policy was changed and cannot be used, so the former one still holds: ${oneLine(this.#broken)}`);
    }
    const { trouble, organisation, policy } = this.#loaded;
    if (trouble !== null) {
      const holds = organisation === null ? 'no session can start' : `version ${organisation.version} still holds`;
      notes.push(`the organisation's policy cannot be used, so ${holds}: ${oneLine(trouble)}`);
    }
    if (this.#forgetful) {
      notes.push(
        "the version of the organisation's policy cannot be written down: after a restart an older one would do",
      );
    }
    if (!isDeepStrictEqual(policy.listen, this.#listen)) {
      const now = this.#listen.map(formatListenAddress).join(', ');
      notes.push(`listen was changed and takes effect at the next start; until then it is ${now}`);
    }
    return notes;
  }

  /** Records what the daemon starts with. */
  async begin(): Promise<void> {
    await this.#record.loaded(this.#loaded);
    await this.#recordTrouble();
    await this.#remember();
  }

  /** Reads the files again. One at a time; resolves when what they say is in force, or was refused. */
  reload(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#reload());
    return this.#turn;
  }

  async #reload(): Promise<void> {
    const former = this.#loaded;
    let next: LoadedPolicy;
    try {
      next = await loadPolicy(former.file, { home: this.#home, former });
    } catch (error) {
      this.#broken =
        error instanceof ChaperoneError ? error : new ChaperoneError('it cannot be read', { cause: error });
      await this.#recordTrouble();
      return;
    }
    this.#broken = null;
    const same = next.sha256 === former.sha256 && isDeepStrictEqual(next.policy, former.policy);
    if (same && next.organisation?.sha256 === former.organisation?.sha256) {
      this.#loaded = next; // nothing to obey anew, but perhaps other trouble and other files
    } else {
      // Logged first (promise 5). A log that cannot be written ends the sessions by itself; the policy holds all the same.
      await this.#record.loaded(next).catch(() => undefined);
      this.#loaded = next;
      this.#loadedAt = new Date();
      this.changed.emit();
    }
    await this.#recordTrouble();
    await this.#remember();
  }

  /** Once for each trouble, however often the files are looked at. */
  async #recordTrouble(): Promise<void> {
    const { file, trouble, layers } = this.#loaded;
    const problem = this.#broken ?? trouble;
    const words = problem === null ? '' : oneLine(problem);
    if (words === this.#told) return;
    this.#told = words;
    if (words === '') return;
    const about = this.#broken === null ? (layers.machine['organisation.policy'] ?? file) : file;
    await this.#record.refused(about, words).catch(() => undefined);
  }

  async #remember(): Promise<void> {
    const { organisation } = this.#loaded;
    if (organisation === null || organisation.sha256 === this.#remembered) return;
    try {
      await writeSeenVersion(this.#home, organisation);
      this.#remembered = organisation.sha256;
      this.#forgetful = false;
    } catch {
      this.#forgetful = true; // the version in force counts for as long as the daemon runs
    }
  }
}
