// The one door from diagnostics to the machine: programs by argv, files by path, all bounded and cancellable.

import { open, readdir, readlink, stat, statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../run/command.ts';
import { DiagnosticUnavailable } from './diagnostic.ts';

// Nothing of the daemon's environment reaches a program: no proxy, no preload, no pager, no home.
// Only folders that root owns; the last is NixOS. UTF-8 keeps names whole while messages stay English.
const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
} as const;
const PROGRAM_TIMEOUT_MS = 20_000;
const PROGRAM_OUTPUT_BYTES = 1024 * 1024;
const FILE_BYTES = 256 * 1024;
const PIECE_BYTES = 16 * 1024;
const LIST_ENTRIES = 65_536; // as many as Linux has processes on a desktop, and more

export interface ProgramAnswer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface FileSystemUsage {
  readonly totalBytes: number;
  /** What programs without privileges can still write. */
  readonly availableBytes: number;
  readonly usedBytes: number;
  readonly totalInodes: number;
  readonly usedInodes: number;
}

export interface ProgramLimits {
  /** @default 20_000 */
  readonly timeoutMs?: number;
  /** Of stdout and stderr together. @default 1 MiB */
  readonly maxOutputBytes?: number;
}

/** Files that are missing or unreadable are `undefined`: on a desktop that is an answer, not an accident. */
export interface Probe {
  /**
   * Runs one program without a shell, stdin closed.
   *
   * @throws ProgramMissing when it is not installed, DiagnosticUnavailable when it took too long.
   */
  run(argv: readonly [string, ...string[]], limits?: ProgramLimits): Promise<ProgramAnswer>;
  /** The first `maxBytes` (default 256 KiB) of a file. */
  readText(path: string, maxBytes?: number): Promise<string | undefined>;
  /** The last `maxBytes` of a file, beginning at a whole line. */
  readTail(path: string, maxBytes: number): Promise<string | undefined>;
  /** Names in a folder, sorted; empty when it cannot be read. */
  list(path: string): Promise<string[]>;
  link(path: string): Promise<string | undefined>;
  /** Milliseconds since the epoch, or undefined when the file is not there. */
  modified(path: string): Promise<number | undefined>;
  usage(path: string): Promise<FileSystemUsage | undefined>;
  /** Rejects when the run is stopped meanwhile. */
  pause(ms: number): Promise<void>;
}

/** The real machine. `onTruncated` hears when a limit cut something off. */
export function machineProbe(signal: AbortSignal, onTruncated: () => void): Probe {
  return {
    async run(argv, limits = {}) {
      signal.throwIfAborted();
      const timeoutMs = limits.timeoutMs ?? PROGRAM_TIMEOUT_MS;
      const result = await runCommand({
        argv: [...argv],
        environment: ENVIRONMENT,
        cwd: '/',
        timeoutMs,
        maxOutputBytes: limits.maxOutputBytes ?? PROGRAM_OUTPUT_BYTES,
        signal,
      });
      signal.throwIfAborted();
      if (result.timedOut) {
        throw new DiagnosticUnavailable(`${argv[0]} did not finish within ${Math.round(timeoutMs / 1000)} seconds`);
      }
      if (result.truncated) onTruncated();
      return { code: result.code, out: result.stdout.toString('utf8'), err: result.stderr.toString('utf8') };
    },
    readText: (path, maxBytes = FILE_BYTES) => {
      signal.throwIfAborted();
      return readPart(path, maxBytes, false);
    },
    readTail: (path, maxBytes) => {
      signal.throwIfAborted();
      return readPart(path, maxBytes, true);
    },
    async list(path) {
      signal.throwIfAborted();
      const names = await readdir(path).catch(() => []);
      if (names.length > LIST_ENTRIES) onTruncated();
      return names.slice(0, LIST_ENTRIES).sort();
    },
    link: (path) => readlink(path).catch(() => undefined),
    modified: (path) =>
      stat(path).then(
        (found) => found.mtimeMs,
        () => undefined,
      ),
    async usage(path) {
      const found = await statfs(path).catch(() => undefined);
      if (found === undefined) return undefined;
      return {
        totalBytes: found.blocks * found.bsize,
        availableBytes: found.bavail * found.bsize,
        usedBytes: (found.blocks - found.bfree) * found.bsize,
        totalInodes: found.files,
        usedInodes: found.files - found.ffree,
      };
    },
    pause: (ms) => sleep(ms, undefined, { signal }),
  };
}

async function readPart(path: string, maxBytes: number, tail: boolean): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r');
    const size = tail ? (await file.stat()).size : 0; // files of /proc say 0: they are read from the start
    const start = Math.max(0, size - maxBytes);
    const parts: Buffer[] = [];
    let room = maxBytes;
    while (room > 0) {
      // In pieces: most files of /proc are tiny, and a limit is no reason to allocate that much.
      const piece = Buffer.allocUnsafe(Math.min(room, PIECE_BYTES));
      const { bytesRead } = await file.read(piece, 0, piece.length, start === 0 ? null : start + maxBytes - room);
      if (bytesRead === 0) break;
      parts.push(piece.subarray(0, bytesRead));
      room -= bytesRead;
    }
    const text = Buffer.concat(parts).toString('utf8');
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } catch {
    return undefined; // gone, or not ours to read
  }
}
