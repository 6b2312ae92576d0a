// What a recording needs of a file: small enough to play a full disk in a test.

import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

const MODE = 0o600; // recordings show what patients' records show

export interface RecordingFile {
  /** @returns how many bytes were written, which may be fewer */
  write(data: Buffer, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Makes the data written so far survive a power cut. */
  datasync(): Promise<void>;
  /** The same, with the file's size, times and name. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type OpenFile = (path: string) => Promise<RecordingFile>;

/** Creates the file; one that exists is evidence and is never written over. */
export const createFile: OpenFile = async (path) => {
  const handle = await open(path, 'wx', MODE);
  const named = syncFolder(dirname(path)); // while the first line is written: whoever waits for `sync` waits for both
  named.catch(() => undefined);
  return {
    write: async (data, position) => (await handle.write(data, 0, data.length, position)).bytesWritten,
    truncate: (length) => handle.truncate(length),
    datasync: () => handle.datasync(),
    sync: async () => void (await Promise.all([handle.sync(), named])),
    close: () => handle.close(),
  };
};

/** Makes a new name survive a power cut: without it the data would be lost with the name. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
