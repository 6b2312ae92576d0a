// Verification of a whole log: everything is recomputed from the entries, and what does not fit is named.
import { resolve } from 'node:path';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { CompactRange } from './compact-range.ts';
import { LogFormatError, LogProofError } from './errors.ts';
import { type LogFileSystem, nodeFileSystem } from './file-system.ts';
import { type Finding, Findings, type NoteKind } from './findings.ts';
import { sameBytes } from './hashing.ts';
import { CHECKPOINT } from './layout.ts';
import { verifyNote } from './note.ts';
import { type NoteVerifier, parseVerifierKey } from './note-keys.ts';
import { LogSnapshot } from './snapshot.ts';
import { TILE_WIDTH } from './tiles.ts';
import { AnchorCheck } from './verify-anchors.ts';
import { AlteredEntries, type CheckEntry, hashBundle, type LeafHashes } from './verify-entries.ts';
import { verifyFiles } from './verify-files.ts';
import { TreeCheck } from './verify-tree.ts';

// Beyond so many bundles lost with their tiles, going on only costs time: a forged size could claim 2^45 of them.
const MAX_HOLES = 1000;

export interface VerifyOptions {
  /** Keys (`name+hex+base64`) of which one must have signed. Without them signatures are not checked, with a note. */
  readonly verifierKeys?: readonly string[];
  /** Texts of checkpoints that were kept elsewhere: the log must contain the tree of each. */
  readonly anchors?: readonly string[];
  /** The caller's own rules for an entry (order of times, numbering), called in order for every readable one. */
  readonly checkEntry?: CheckEntry;
  readonly onProgress?: (progress: { readonly entries: number; readonly size: number }) => void;
  readonly signal?: AbortSignal;
  /** @default the real one */
  readonly fileSystem?: LogFileSystem;
}

export interface VerifyResult {
  /** There are no findings. */
  readonly ok: boolean;
  /** Entries under the checkpoint; without a readable one, as many as the names of the bundles promise. */
  readonly size: number;
  /** Root that the entries lead to; null when entries are lost with their tiles. */
  readonly root: Uint8Array | null;
  /** Null when it is missing or malformed. */
  readonly checkpoint: Checkpoint | null;
  /** Names of the given keys that signed the checkpoint. */
  readonly signedBy: readonly string[];
  readonly findings: readonly Finding[];
  /** Findings beyond the first thousand, which are not listed. */
  readonly omitted: number;
  /** Worth knowing, no sign of tampering: a torn tail after a crash, files of others. */
  readonly notes: readonly Finding<NoteKind>[];
}

/**
 * Verify the log in `directory`, which may be in use. Reads only; holds one bundle in memory at a time.
 * @throws LogFormatError when a verifier key is malformed; what is wrong with the log itself is a finding
 */
export async function verifyLog(directory: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const verifiers = options.verifierKeys?.map(parseVerifierKey) ?? null;
  const findings = new Findings();
  const snapshot = await LogSnapshot.take(options.fileSystem ?? nodeFileSystem, resolve(directory));
  const { size, checkpoint } = snapshot;
  const signedBy = verifySignature(snapshot, verifiers, findings);
  const anchors = new AnchorCheck(options.anchors ?? [], verifiers, checkpoint?.origin ?? null, findings);
  const root = await verifyTree(snapshot, anchors, findings, options);
  anchors.finish(size);
  await verifyFiles(snapshot, findings, options.signal);
  const { list, notes, omitted } = findings;
  return { ok: list.length === 0, size, root, checkpoint, signedBy, findings: list, omitted, notes };
}

function verifySignature(
  { checkpoint, checkpointFile }: LogSnapshot,
  verifiers: readonly NoteVerifier[] | null,
  findings: Findings,
): string[] {
  const place = { file: CHECKPOINT };
  if (checkpointFile.bytes === null) {
    findings.add('checkpoint-missing', `the checkpoint ${checkpointFile.message}`, place);
    return [];
  }
  try {
    const { note } = checkpoint ?? parseCheckpoint(checkpointFile.bytes);
    if (verifiers !== null) return verifyNote(note, verifiers).map(({ name }) => name);
    findings.note('signature-unchecked', 'no key was given, so the signature was not checked', place);
  } catch (error) {
    if (error instanceof LogFormatError) findings.add('checkpoint-malformed', error.message, place);
    else if (error instanceof LogProofError) findings.add('checkpoint-untrusted', error.message, place);
    else throw error;
  }
  return [];
}

/** @returns the root that the entries themselves lead to */
async function verifyTree(
  snapshot: LogSnapshot,
  anchors: AnchorCheck,
  findings: Findings,
  { checkEntry, onProgress, signal }: VerifyOptions,
): Promise<Uint8Array | null> {
  const { size, checkpoint } = snapshot;
  const altered = new AlteredEntries();
  const tree = new TreeCheck(snapshot, findings, (...entry) => altered.add(...entry));
  let entries: CompactRange | null = new CompactRange();
  let lastLeaves: LeafHashes = [];
  let holes = 0;
  anchors.compare(0, entries.root());
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    signal?.throwIfAborted();
    const stored = await tree.stored(0, index);
    const hashes = await hashBundle(snapshot, index, stored, findings, checkEntry);
    const known = hashes.map((hash, i) => hash ?? stored?.[i] ?? null);
    entries = grow(entries, known, anchors);
    if (known.includes(null)) holes += 1;
    if (holes > MAX_HOLES) {
      findings.add('gave-up', `too much is missing to go on after entry ${index * TILE_WIDTH}`, {
        index: index * TILE_WIDTH,
      });
      altered.report(findings, size);
      return null;
    }
    if (hashes.length === TILE_WIDTH) await tree.addFullTile(index, hashes);
    else lastLeaves = hashes;
    onProgress?.({ entries: Math.min(size, (index + 1) * TILE_WIDTH), size });
  }
  const believed = await tree.finish(lastLeaves, checkpoint?.root ?? null);
  altered.report(findings, size);
  const root = entries?.root() ?? null;
  if (checkpoint !== null) compareRoots(checkpoint, root, believed, findings);
  return root;
}

/** Add leaves to the tree of the entries; null from the first one on that is lost altogether. */
function grow(range: CompactRange | null, leaves: LeafHashes, anchors: AnchorCheck): CompactRange | null {
  for (const leaf of leaves) {
    if (leaf === null || range === null) return null;
    range.append(leaf);
    if (range.size === anchors.next) anchors.compare(range.size, range.root());
  }
  return range;
}

/** A wrong root is a finding of its own only where nothing below the checkpoint explains it. */
function compareRoots(
  { root: signed, size }: Checkpoint,
  computed: Uint8Array | null,
  believed: Uint8Array | null,
  findings: Findings,
): void {
  const explained = believed !== null && sameBytes(believed, signed) && findings.list.length > 0;
  if (explained || (computed !== null && sameBytes(computed, signed))) return;
  const message =
    computed === null
      ? `too much is missing to compute the root of ${size} entries`
      : `the ${size} entries lead to another root than the checkpoint has signed`;
  findings.add('root-mismatch', message, { file: CHECKPOINT });
}
