// What a verification found, in a shape that names the place.

/** What is wrong. Each kind is one sentence of `docs/operations.md`'s table. */
export type FindingKind =
  | 'checkpoint-missing'
  | 'checkpoint-malformed'
  | 'checkpoint-untrusted' // wrong or unknown signature
  | 'root-mismatch' // entries and tiles agree with each other and not with the checkpoint
  | 'entry-altered'
  | 'entry-reordered'
  | 'entry-rule' // refused by the caller's own rule
  | 'entry-disputed' // entry and tile disagree and nothing tells which is right
  | 'entries-altered' // a stretch of entries was changed together with the tiles above it
  | 'bundle-missing'
  | 'bundle-damaged' // cut off, or its lengths do not add up
  | 'tile-missing'
  | 'tile-damaged'
  | 'tile-altered'
  | 'partial-altered' // an older partial tile is not the beginning of the present one
  | 'beyond-checkpoint'
  | 'extra-file'
  | 'anchor-contradicted' // an outside copy of a checkpoint has another root for the same size
  | 'anchor-truncation' // an outside copy of a checkpoint is larger than the log
  | 'anchor-untrusted'
  | 'gave-up'; // too much is missing to go on

/** What is worth knowing and no sign of tampering. */
export type NoteKind = 'torn-tail' | 'unsigned-yet' | 'foreign-file' | 'signature-unchecked';

export interface Finding<Kind extends string = FindingKind> {
  readonly kind: Kind;
  /** First entry concerned, counted from 0. */
  readonly index?: number;
  /** Path below the log's directory. */
  readonly file?: string;
  readonly message: string;
}

// A log that is wrong everywhere needs no list of everything; the rest is counted.
const MAX_FINDINGS = 1000;

/** Collects findings and notes, bounded. */
export class Findings {
  readonly list: Finding[] = [];
  readonly notes: Finding<NoteKind>[] = [];
  #omitted = 0;

  /** Findings beyond the first thousand. */
  get omitted(): number {
    return this.#omitted;
  }

  add(kind: FindingKind, message: string, place: { index?: number; file?: string } = {}): void {
    if (this.list.length < MAX_FINDINGS) this.list.push({ kind, message, ...place });
    else this.#omitted += 1;
  }

  note(kind: NoteKind, message: string, place: { index?: number; file?: string } = {}): void {
    if (this.notes.length < MAX_FINDINGS) this.notes.push({ kind, message, ...place });
  }
}
