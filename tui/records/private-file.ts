// Small files of the technician's side: written whole or not at all, readable by their owner alone.

import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ChaperoneError } from '../../protocol/errors.ts';

const FILE_MODE = 0o600; // reasons, names and recordings from machines that handle patient data

/** Replaces `file` with `text`; a crash leaves the old or the new one. @throws ChaperoneError */
export function writePrivate(file: string, text: string): void {
  const temporary = `${file}.${randomUUID()}.new`;
  try {
    writeFileSync(temporary, text, { mode: FILE_MODE, flag: 'wx', flush: true });
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new ChaperoneError(`${file} cannot be written`, {
      cause,
      hint: 'check the free space of the disk and who owns the directory',
    });
  }
}

/**
 * Makes `file` with `text` unless there is one: of several processes that try at once, one makes it, and all find it
 * whole. Returns whether it was this one. @throws ChaperoneError
 */
export function createPrivate(file: string, text: string): boolean {
  const temporary = `${file}.${randomUUID()}.new`;
  try {
    writeFileSync(temporary, text, { mode: FILE_MODE, flag: 'wx', flush: true });
    linkSync(temporary, file);
    return true;
  } catch (cause) {
    if (existsSync(file)) {
      return false;
    }
    throw new ChaperoneError(`${file} cannot be made`, {
      cause,
      hint: 'check the free space of the disk and who owns the directory',
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The text of `file`, or null when there is none. @throws ChaperoneError */
export function readPrivate(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return null;
    }
    throw new ChaperoneError(`${file} cannot be read`, { cause, hint: 'check who owns it' });
  }
}
