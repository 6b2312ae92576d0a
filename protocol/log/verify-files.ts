// Files that no checkpoint needs: a torn tail and old partial tiles are normal, anything else is not.
import type { Findings } from './findings.ts';
import { HASH_SIZE } from './hashing.ts';
import { JOURNAL } from './layout.ts';
import { MAX_COMMIT } from './log-writer.ts';
import type { LogSnapshot } from './snapshot.ts';
import { leavesPerHash, TILE_WIDTH, type TileName } from './tiles.ts';

/** Look at every file's name, and into those that should repeat the beginning of another. */
export async function verifyFiles(snapshot: LogSnapshot, findings: Findings, signal?: AbortSignal): Promise<void> {
  await noteJournal(snapshot, findings);
  const tailEnd = (await snapshot.sizeNow()) + MAX_COMMIT;
  for await (const { path, tile, place } of snapshot.files()) {
    signal?.throwIfAborted();
    if (tile === null && path.includes('/')) {
      findings.add('extra-file', `${path} has no place in a log`, { file: path });
    } else if (tile === null) {
      findings.note('foreign-file', `${path} does not belong to the log`, { file: path });
    } else if (place === 'outdated') {
      await verifyOutdated(snapshot, findings, path, tile);
    } else if (place === 'beyond') {
      reportBeyond(snapshot, findings, path, tile, tailEnd);
    }
  }
}

/** A writer that was killed left it; the next one signs it. */
async function noteJournal(snapshot: LogSnapshot, findings: Findings): Promise<void> {
  const count = await snapshot.journaled();
  if (count === 0) return;
  const what = count === 1 ? '1 entry stands' : `${count} entries stand`;
  findings.note('unsigned-yet', `${what} in the journal and under no checkpoint yet; the log's writer signs them`, {
    index: snapshot.size,
    file: JOURNAL,
  });
}

/** A crash leaves at most one commit behind the checkpoint; more was not left by a crash. */
function reportBeyond(snapshot: LogSnapshot, findings: Findings, path: string, tile: TileName, tailEnd: number): void {
  const end = (tile.index * TILE_WIDTH + tile.width) * leavesPerHash(tile.level);
  const place = { file: path, index: snapshot.size };
  if (end <= tailEnd) findings.note('torn-tail', `${path} is not covered by the checkpoint: a torn tail`, place);
  else findings.add('beyond-checkpoint', `${path} lies beyond the checkpoint of ${snapshot.size} entries`, place);
}

/** tlog-tiles lets a log keep the partial tiles of its earlier sizes; each begins as the present one does. */
async function verifyOutdated(snapshot: LogSnapshot, findings: Findings, path: string, tile: TileName): Promise<void> {
  const old = await snapshot.file(path);
  const now = await snapshot.tile(tile.level, tile.index);
  // Gone meanwhile: a writer cleaned up. The present one lost: reported where it is needed.
  if (now.bytes === null || (old.bytes === null && old.why === 'missing')) return;
  const beginsSame = old.bytes !== null && Buffer.compare(now.bytes.subarray(0, old.bytes.length), old.bytes) === 0;
  const whole = tile.level === 'entries' || old.bytes?.length === tile.width * HASH_SIZE;
  if (beginsSame && whole) return;
  const index = tile.index * TILE_WIDTH * leavesPerHash(tile.level);
  findings.add('partial-altered', `${path} is not the beginning of ${now.path}`, { file: path, index });
}
