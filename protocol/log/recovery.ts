// Opening a log again: prove that the files carry the signed checkpoint, and cut what no checkpoint ever covered.
import { dirname } from 'node:path/posix';
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts';
import type { DurableFiles } from './durable-files.ts';
import { MAX_BUNDLE, parseBundle, scanBundle } from './entry-bundles.ts';
import { LogFormatError, LogProofError, LogRefused } from './errors.ts';
import { hasCode, type LogFileSystem } from './file-system.ts';
import { leafHash, sameBytes } from './hashing.ts';
import { readJournal } from './journal.ts';
import { CHECKPOINT, PENDING_CHECKPOINT, placeOf, TILES, walkFiles } from './layout.ts';
import { MAX_NOTE } from './note.ts';
import type { NoteVerifier } from './note-keys.ts';
import { RightEdge } from './right-edge.ts';
import { edgeTile, parseTile, TILE_WIDTH, type TileName, tileLevels, tilePath } from './tiles.ts';

/** What a crash had left behind, for the caller to put on record. */
export interface Recovery {
  /** Entries that were on disk and under no checkpoint: never acknowledged, now gone. */
  readonly cutEntries: number;
  /** Paths of the files that were removed for it, below the log's directory. */
  readonly cutFiles: readonly string[];
  /** Entries whose checkpoint was signed and durable and not yet in place: now part of the log. */
  readonly completedEntries: number;
  /** Entries that were acknowledged and stood in the journal alone: now part of the log. */
  readonly journaledEntries: number;
}

/** The state in which writing goes on. */
export interface LogState {
  /** Text of the checkpoint in place. */
  readonly checkpoint: string;
  readonly edge: RightEdge;
}

export interface RecoveredState extends LogState {
  readonly recovered: Recovery | null;
  /** What the journal holds beyond the checkpoint; to be committed before anything else. */
  readonly journaled: readonly Uint8Array[];
}

export interface RecoveryContext {
  readonly fileSystem: LogFileSystem;
  readonly directory: string;
  readonly files: DurableFiles;
  readonly verifier: NoteVerifier;
  readonly origin: string;
}

/**
 * Load the log as its checkpoint says it is.
 * @returns null when there is no log yet
 * @throws LogRefused when files and checkpoint contradict each other
 */
export async function recover(context: RecoveryContext): Promise<RecoveredState | null> {
  const { fileSystem, directory } = context;
  const text = await readIfThere(fileSystem, `${directory}/${CHECKPOINT}`, MAX_NOTE);
  const pendingText = await readIfThere(fileSystem, `${directory}/${PENDING_CHECKPOINT}`, MAX_NOTE);
  if (text === null) {
    const journaled = await journalBeyond(context, 0);
    if (journaled.length > 0 || (await hasTiles(context)))
      throw new LogRefused(`log ${directory} has entries but its checkpoint is missing`);
    if (pendingText !== null) await fileSystem.remove(`${directory}/${PENDING_CHECKPOINT}`);
    return null;
  }
  const checkpoint = check(context, text);
  // The checkpoint that we show from now on must not be gone after a power cut.
  await context.files.syncDirectory();
  let state: LogState = { checkpoint: text.toString(), edge: await loadEdge(context, checkpoint) };
  const cutFiles: string[] = [];
  const pending = pendingText === null ? null : pendingCheckpoint(context, pendingText, checkpoint);
  if (pending !== null && pendingText !== null) {
    // It is signed, so everything it speaks of was durable before. Forgetting it could mean signing its contradiction.
    state = { checkpoint: pendingText.toString(), edge: await loadEdge(context, pending) };
    await context.files.completePending();
  } else if (pendingText !== null) {
    await fileSystem.remove(`${directory}/${PENDING_CHECKPOINT}`);
    cutFiles.push(PENDING_CHECKPOINT);
  }
  const journaled = await journalBeyond(context, state.edge.size);
  const cut = await cutTail(context, state.edge.size);
  cutFiles.push(...cut.files);
  const recovered = {
    cutEntries: Math.max(0, cut.entries - journaled.length), // what the journal has is written again
    cutFiles,
    completedEntries: state.edge.size - checkpoint.size,
    journaledEntries: journaled.length,
  };
  const clean = cutFiles.length + recovered.completedEntries + journaled.length === 0;
  return { ...state, journaled, recovered: clean ? null : recovered };
}

async function journalBeyond({ fileSystem, directory }: RecoveryContext, size: number): Promise<Uint8Array[]> {
  try {
    return await readJournal(fileSystem, directory, size);
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    throw new LogRefused(`journal of log ${directory} cannot be read: ${error.message}`, error);
  }
}

function check({ verifier, origin, directory }: RecoveryContext, text: Uint8Array): Checkpoint {
  try {
    return verifyCheckpoint(text, [verifier], origin);
  } catch (error) {
    if (error instanceof LogFormatError || error instanceof LogProofError) {
      throw new LogRefused(`checkpoint of log ${directory} cannot be trusted: ${error.message}`, error);
    }
    throw error;
  }
}

/** The pending checkpoint when its writing was finished; null for a torn one or one that brings nothing new. */
function pendingCheckpoint(context: RecoveryContext, text: Uint8Array, present: Checkpoint): Checkpoint | null {
  try {
    const pending = verifyCheckpoint(text, [context.verifier], context.origin);
    return pending.size > present.size ? pending : null;
  } catch {
    return null;
  }
}

/** Read the unfinished tiles of a checkpoint and check that they lead to its root, and the entries to the tiles. */
async function loadEdge(context: RecoveryContext, { size, root }: Checkpoint): Promise<RightEdge> {
  const read = async (name: TileName): Promise<Uint8Array> => {
    const path = tilePath(name);
    const bytes = await readIfThere(context.fileSystem, `${context.directory}/${path}`, MAX_BUNDLE);
    if (bytes === null) throw new LogRefused(`log ${context.directory} has lost ${path}`);
    return bytes;
  };
  const tiles: Uint8Array[][] = [];
  let entries: Uint8Array[] = [];
  try {
    for (let level = 0; level < tileLevels(size); level += 1) {
      const { index, width } = edgeTile(level, size);
      tiles.push(width === 0 ? [] : parseTile(await read({ level, index, width }), width));
    }
    const { index, width } = edgeTile(0, size);
    if (width > 0) entries = parseBundle(await read({ level: 'entries', index, width }), width);
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    throw new LogRefused(`log ${context.directory} is damaged: ${error.message}`, error);
  }
  const edge = new RightEdge(tiles, entries);
  if (!sameBytes(edge.root(), root)) {
    throw new LogRefused(`tiles of log ${context.directory} contradict its checkpoint of size ${size}`);
  }
  const first = size - entries.length;
  entries.forEach((entry, i) => {
    if (sameBytes(leafHash(entry), tiles[0]?.[i] ?? new Uint8Array())) return;
    throw new LogRefused(`entry ${first + i} of log ${context.directory} contradicts its checkpoint`);
  });
  return edge;
}

/** Remove what lies beyond the checkpoint, durably, before new entries take the same names. */
async function cutTail(context: RecoveryContext, size: number): Promise<{ entries: number; files: string[] }> {
  const { fileSystem, directory, files } = context;
  let end = size;
  const removed: string[] = [];
  const folders = new Set<string>();
  for await (const { path, tile } of walkFiles(fileSystem, directory)) {
    const place = tile === null ? 'current' : placeOf(tile, size);
    if (tile === null || place === 'current') continue;
    if (place === 'beyond') {
      removed.push(path);
      if (tile.level === 'entries') end = Math.max(end, await lastEntry(context, path, tile));
    }
    await fileSystem.remove(`${directory}/${path}`);
    folders.add(dirname(path));
  }
  for (const folder of folders) {
    await fileSystem.syncDirectory(`${directory}/${folder}`);
    if (folder.endsWith('.p')) await files.removeEmpty(folder);
  }
  return { entries: end - size, files: removed };
}

/** Index after the last whole entry of a bundle that may be torn. */
async function lastEntry({ fileSystem, directory }: RecoveryContext, path: string, { index }: TileName) {
  try {
    const bytes = await fileSystem.readFile(`${directory}/${path}`, MAX_BUNDLE);
    return index * TILE_WIDTH + scanBundle(bytes).entries.length;
  } catch (error) {
    if (error instanceof LogFormatError) return 0;
    throw error;
  }
}

async function hasTiles({ fileSystem, directory }: RecoveryContext): Promise<boolean> {
  for await (const { path } of walkFiles(fileSystem, directory)) if (path.startsWith(`${TILES}/`)) return true;
  return false;
}

async function readIfThere(fileSystem: LogFileSystem, path: string, limit: number): Promise<Buffer | null> {
  try {
    return Buffer.from(await fileSystem.readFile(path, limit));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
