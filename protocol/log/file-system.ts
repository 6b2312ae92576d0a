// The few file operations that the log needs, behind an interface so that tests can fill the disk or pull the plug.
import { closeSync, constants, fdatasync, fsync, open as openFile, openSync, write } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LogFailed, LogFormatError } from './errors.ts';

/** A file that is being written. */
export interface LogFile {
  /** Write at the end. @returns how many bytes were taken, which may be fewer than given */
  write(bytes: Uint8Array): Promise<number>;
  /** Returns when the content will survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DirectoryItem {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/** Errors are those of node:fs: they carry a `code` such as ENOENT, EEXIST or ENOSPC. */
export interface LogFileSystem {
  /** @throws LogFormatError when it is no regular file, or larger than `limit` bytes */
  readFile(path: string, limit: number): Promise<Uint8Array>;
  list(path: string): Promise<DirectoryItem[]>;
  makeDirectory(path: string): Promise<void>;
  /** Create a file that must not exist yet. */
  create(path: string): Promise<LogFile>;
  /** Returns when the content of an existing file will survive a power cut, whoever wrote it. */
  syncFile(path: string): Promise<void>;
  /** Returns when names added to and removed from the directory will survive a power cut. */
  syncDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Remove an empty directory. */
  removeDirectory(path: string): Promise<void>;
}

/** Whether an error of node:fs has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

// Evidence is for the account that runs the program; whoever else should read it gets an export.
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

// A log directory may come from anyone (`audit verify`): a symbolic link must not lead out of it, a FIFO must not hang us.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

// Appending waits for these. What can wait for the disk runs on the thread pool; opening a known folder and closing
// cannot, and each trip to the pool costs about as much as a tenth of an fsync.
const openAsync = promisify(openFile);
const writeAsync = promisify<number, Uint8Array, { bytesWritten: number }>((descriptor, bytes, done) =>
  write(descriptor, bytes, (error, bytesWritten) => done(error, { bytesWritten })),
);
const fsyncAsync = promisify(fsync);
const fdatasyncAsync = promisify(fdatasync);

/** The real file system. */
export const nodeFileSystem: LogFileSystem = {
  async readFile(path, limit) {
    await using handle = await open(path, READ_FLAGS);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new LogFormatError(`${path} is not a regular file`);
    if (stat.size > limit) throw new LogFormatError(`${path} has ${stat.size} bytes, more than ${limit}`);
    return handle.readFile();
  },
  async list(path) {
    const items = await readdir(path, { withFileTypes: true });
    return items.map((item) => ({
      name: item.name,
      kind: item.isFile() ? 'file' : item.isDirectory() ? 'directory' : 'other',
    }));
  },
  async makeDirectory(path) {
    await mkdir(path, { mode: DIRECTORY_MODE });
  },
  async create(path) {
    const descriptor = await openAsync(path, 'wx', FILE_MODE);
    return {
      write: async (bytes) => (await writeAsync(descriptor, bytes)).bytesWritten,
      // The file is new, so its size is data too: fdatasync covers it and skips the time stamps.
      sync: () => fdatasyncAsync(descriptor),
      close: async () => closeSync(descriptor),
    };
  },
  async syncFile(path) {
    await using handle = await open(path, 'r+');
    await handle.sync();
  },
  async syncDirectory(path) {
    if (process.platform === 'win32') return; // directories cannot be opened there; NTFS journals names by itself
    const descriptor = openSync(path, 'r');
    try {
      await fsyncAsync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
  rename,
  remove: unlink,
  removeDirectory: rmdir,
};

/** Write all of a new file, whatever the size of the pieces that the disk takes. The caller syncs and closes. */
export async function writeNew(fileSystem: LogFileSystem, path: string, bytes: Uint8Array): Promise<LogFile> {
  const file = await fileSystem.create(path);
  try {
    await writeAll(file, bytes, path);
    return file;
  } catch (error) {
    await file.close().catch(() => {}); // the first error is the one that counts
    throw error;
  }
}

/** Write all of `bytes` at the end of a file, whatever the size of the pieces that the disk takes. */
export async function writeAll(file: LogFile, bytes: Uint8Array, path: string): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const written = await file.write(bytes.subarray(offset));
    if (written <= 0) throw new LogFailed(`disk took no bytes of ${path}`);
    offset += written;
  }
}

/** Wait until all have ended, then throw the first error: no operation is still running when one has failed. */
export async function settleAll<T>(operations: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(operations);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
