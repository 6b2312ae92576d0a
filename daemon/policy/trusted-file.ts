// Reads a file that decides something, and refuses one that somebody else could have written.

import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PolicyUnusable } from './errors.ts';
import { followLinks } from './follow-links.ts';

const FILE_MAX = 256 * 1024; // bytes; a policy of 500 technicians with RSA keys fits
const OTHERS_WRITE = 0o022; // permission bits of group and others
const STICKY = 0o1000;

export interface TrustedFileWords {
  /** Such as `the policy`; begins the sentences about it. */
  readonly what: string;
  /** What to do when there is none. */
  readonly whenMissing: string;
}

/** @throws PolicyUnusable when it is missing, unreadable, too large, or could be changed by others */
export async function readTrusted(path: string, { what, whenMissing }: TrustedFileWords): Promise<Buffer> {
  let followed: Awaited<ReturnType<typeof followLinks>>;
  try {
    followed = await followLinks(path);
  } catch (cause) {
    throw isMissing(cause)
      ? new PolicyUnusable(`there is no ${what} at ${path}`, whenMissing, cause)
      : new PolicyUnusable(`the ${what} at ${path} cannot be reached`, 'check the path and its permissions', cause);
  }
  if (followed === null) {
    throw new PolicyUnusable(`the ${what} at ${path} is behind too many links`, 'name the file itself');
  }
  const { real, links } = followed;
  // Whoever may exchange any link on the way would choose another file of ours in its place.
  for (const each of [real, ...links]) await refuseOpenWay(each);
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe in its place must not hang us
  } catch (cause) {
    throw new PolicyUnusable(`the ${what} at ${path} cannot be read`, `check who owns it: ls -l ${path}`, cause);
  }
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new PolicyUnusable(`${path} is not a file`, `name the ${what} file itself`);
    refuseIfOthersMayWrite(real, found, 'file');
    if (found.size > FILE_MAX) {
      throw new PolicyUnusable(
        `${path} is too large for a ${what} (at most ${FILE_MAX} bytes)`,
        'is it the right file?',
      );
    }
    const buffer = Buffer.alloc(FILE_MAX + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, Math.min(bytesRead, FILE_MAX));
  } finally {
    await handle.close();
  }
}

/** The same, as text. */
export async function readTrustedText(path: string, words: TrustedFileWords): Promise<{ text: string; bytes: Buffer }> {
  const bytes = await readTrusted(path, words);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes };
  } catch (cause) {
    throw new PolicyUnusable(`${path} is not text in UTF-8`, 'save it again as UTF-8', cause);
  }
}

/** Looks at each directory up to the root, as safe_path of OpenSSH: whoever writes one could put another tree there. */
async function refuseOpenWay(file: string): Promise<void> {
  let directory = dirname(file);
  refuseIfOthersMayWrite(directory, await stat(directory), 'directory');
  while (directory !== dirname(directory)) {
    directory = dirname(directory);
    refuseIfOthersMayWrite(directory, await stat(directory), 'parent');
  }
}

/** Whoever can write the file, or replace it in its directory, would decide in the owner's place. */
function refuseIfOthersMayWrite(path: string, found: Stats, kind: 'file' | 'directory' | 'parent'): void {
  if (process.getuid !== undefined && found.uid !== process.getuid() && found.uid !== 0) {
    const hint = kind === 'file' ? `chown ${process.getuid()} ${path}` : 'move the file into a directory of your own';
    throw new PolicyUnusable(`${path} belongs to another user`, hint);
  }
  const sticky = kind !== 'file' && (found.mode & STICKY) !== 0;
  // Further up, unlike OpenSSH: others cannot rename what is ours in a sticky directory, such as /tmp.
  if ((found.mode & OTHERS_WRITE) === 0 || (kind === 'parent' && sticky)) return;
  throw new PolicyUnusable(
    `the ${kind === 'file' ? kind : 'directory'} ${path} can be changed by other users`,
    sticky ? 'move the file into a directory of its own' : `chmod go-w ${path}`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
