// Opening a log for writing: take the lock, mend what a crash left, refuse what contradicts its own signature.
import { dirname, resolve } from 'node:path';
import { signCheckpoint } from './checkpoint.ts';
import { DurableFiles } from './durable-files.ts';
import { hasCode, type LogFileSystem, nodeFileSystem } from './file-system.ts';
import { Journal } from './journal.ts';
import { lockLog, type Processes, systemProcesses } from './lock.ts';
import { LogWriter } from './log-writer.ts';
import type { NoteSigner } from './note-keys.ts';
import { recover } from './recovery.ts';
import { RightEdge } from './right-edge.ts';

/** A log that is open for writing. */
export type Log = LogWriter;

export interface OpenLogOptions {
  /** Identity of the log, first line of each checkpoint; by custom the name of its key. */
  readonly origin: string;
  /** @default the real one */
  readonly fileSystem?: LogFileSystem;
  /** @default the real ones */
  readonly processes?: Processes;
  /** How long entries may wait for a checkpoint that covers them, in ms. @default 50 */
  readonly commitDelayMs?: number;
}

/**
 * Open the log in `directory` for writing, or begin a new one there. Dispose it to let the next writer in.
 * @throws LogLocked when another process writes it
 * @throws LogRefused when its files contradict its signed checkpoint, or the checkpoint is not of this key and origin
 */
export async function openLog(directory: string, signer: NoteSigner, options: OpenLogOptions): Promise<Log> {
  const { origin, fileSystem = nodeFileSystem, processes = systemProcesses, commitDelayMs } = options;
  const path = resolve(directory);
  await makeDirectories(fileSystem, path);
  const lock = await lockLog(fileSystem, path, processes);
  try {
    const files = new DurableFiles(fileSystem, path);
    const context = { fileSystem, directory: path, files, verifier: signer.verifier, origin };
    const state = (await recover(context)) ?? {
      ...(await beginLog(files, signer, origin)),
      recovered: null,
      journaled: [],
    };
    const journal = new Journal(fileSystem, path);
    const writer = new LogWriter({ directory: path, origin, signer, files, journal, lock, commitDelayMs, ...state });
    await writer.begin(state.journaled);
    return writer;
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** The empty log is signed before it takes an entry: from then on a missing checkpoint is a loss, not a beginning. */
async function beginLog(files: DurableFiles, signer: NoteSigner, origin: string) {
  const edge = new RightEdge();
  const checkpoint = signCheckpoint({ origin, size: 0, root: edge.root() }, signer);
  await files.replaceCheckpoint(checkpoint);
  return { edge, checkpoint };
}

/** Make the directory and those above it, each durable in the one above. */
async function makeDirectories(fileSystem: LogFileSystem, path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await fileSystem.makeDirectory(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') && parent !== path) {
      await makeDirectories(fileSystem, parent);
      await fileSystem.makeDirectory(path);
    } else if (!hasCode(error, 'EEXIST')) throw error;
  }
  try {
    // Also when it was there: whoever made it may have been killed before this.
    await fileSystem.syncDirectory(parent);
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM')) throw error; // a parent that we may not read was not made by us
  }
}
