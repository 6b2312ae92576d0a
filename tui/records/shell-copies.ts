// The copies of what the shells of one session show, and the log's word for each when it is closed: whoever replays it
// later learns whether it is still the same file.

import type { TerminalSize } from '../dashboard/ports.ts';
import type { CastWriter, KeptRecording } from './cast-writer.ts';
import type { SessionFolder } from './sessions.ts';

export interface ShellCopiesOptions {
  readonly folder: Pick<SessionFolder, 'record' | 'copiesVouched'>;
  /** Has the log vouch for a file that is closed. */
  readonly vouchFor: (kept: KeptRecording) => Promise<void>;
  /** A copy could not be kept, or not be vouched for. */
  readonly onProblem: (problem: unknown) => void;
}

export class ShellCopies {
  readonly #options: ShellCopiesOptions;
  readonly #open = new Set<CastWriter>();
  readonly #closing: Promise<void>[] = [];

  constructor(options: ShellCopiesOptions) {
    this.#options = options;
  }

  /** Null when there will be no copy. */
  begin(size: TerminalSize): CastWriter | null {
    const copy = this.#options.folder.record(size);
    if (copy !== null) {
      this.#open.add(copy);
    }
    return copy;
  }

  /** The shell showed all that it will. */
  end(copy: CastWriter | null): void {
    if (copy !== null && this.#open.delete(copy)) {
      const vouched = copy.close().then(this.#options.vouchFor);
      vouched.catch(this.#options.onProblem);
      this.#closing.push(vouched);
    }
  }

  /** Ends those that are left. Resolves when the log vouches for all, or when it cannot; never rejects. */
  async endAll(): Promise<void> {
    for (const copy of this.#open) {
      this.end(copy);
    }
    const ended = await Promise.allSettled(this.#closing);
    if (ended.some(({ status }) => status === 'rejected')) {
      return; // the next start tries again
    }
    try {
      this.#options.folder.copiesVouched();
    } catch (problem) {
      this.#options.onProblem(problem);
    }
  }
}
