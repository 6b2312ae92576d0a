// Outside copies of checkpoints: the only thing that shows a log rewritten by whoever holds its key.
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { LogFormatError, LogProofError } from './errors.ts';
import type { Findings } from './findings.ts';
import { sameBytes } from './hashing.ts';
import { verifyNote } from './note.ts';
import type { NoteVerifier } from './note-keys.ts';

export class AnchorCheck {
  /** Those still to come, smallest first. */
  readonly #anchors: Checkpoint[] = [];
  readonly #findings: Findings;
  #lastGood = 0;

  /**
   * @param texts checkpoints kept elsewhere: on receipts, at a witness
   * @param verifiers keys of the log; null to take the copies at their word
   */
  constructor(
    texts: readonly string[],
    verifiers: readonly NoteVerifier[] | null,
    origin: string | null,
    findings: Findings,
  ) {
    this.#findings = findings;
    for (const [number, text] of texts.entries()) {
      try {
        const anchor = parseCheckpoint(text);
        if (verifiers !== null) verifyNote(anchor.note, verifiers);
        if (origin !== null && anchor.origin !== origin) throw new LogProofError(`it belongs to ${anchor.origin}`);
        this.#anchors.push(anchor);
      } catch (error) {
        if (!(error instanceof LogFormatError || error instanceof LogProofError)) throw error;
        findings.add('anchor-untrusted', `outside checkpoint ${number + 1} cannot be used: ${error.message}`);
      }
    }
    this.#anchors.sort((a, b) => a.size - b.size);
  }

  /** Size of the next copy to compare; Infinity when there is none. */
  get next(): number {
    return this.#anchors[0]?.size ?? Number.POSITIVE_INFINITY;
  }

  /** Compare the copies of this size with the root that the entries lead to. */
  compare(size: number, root: Uint8Array): void {
    let good = false;
    while (this.next === size) {
      const anchor = this.#anchors.shift();
      if (anchor === undefined) return;
      if (sameBytes(anchor.root, root)) {
        good = true;
        continue;
      }
      const where =
        this.#lastGood < size ? `the change lies in entries ${this.#lastGood} to ${size - 1}` : 'the copies disagree';
      this.#findings.add('anchor-contradicted', `an outside checkpoint of size ${size} has another root: ${where}`, {
        index: Math.min(this.#lastGood, Math.max(0, size - 1)),
      });
    }
    if (good) this.#lastGood = size;
  }

  /** Copies that speak of more entries than there are. */
  finish(size: number): void {
    for (const anchor of this.#anchors.filter((one) => one.size > size)) {
      const message = `an outside checkpoint knows ${anchor.size} entries, the log has ${size}: its end was cut off`;
      this.#findings.add('anchor-truncation', message, { index: size });
    }
  }
}
