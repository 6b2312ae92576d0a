// Where the daemon's socket stands, and how one daemon takes the place: never from a living one.
//
// The socket is 0600 in a directory of 0700: only programs of the same user (and root) can open it. There is no
// other check of who connects, so a program of the same user can do what the local user can; keeping a session's
// shell away from it is the sandbox's work.

import { chmodSync, linkSync, lstatSync, renameSync, type Stats, unlinkSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { machineHome, privateDirectory } from '../../protocol/home.ts';
import { DaemonAlreadyRunning, SocketUnusable } from './errors.ts';

// sockaddr_un.sun_path without its final NUL: 108 bytes on Linux, 104 elsewhere; the name while binding is longer.
const PATH_MAX = process.platform === 'linux' ? 107 : 103;
const BINDING_SUFFIX = 12; // bytes: `.` and the digits of a process number
const SOCKET_MODE = 0o600;

/** Path of the daemon's socket below CHAPERONE_HOME. */
export function localSocketPath(environment?: NodeJS.ProcessEnv): string {
  return join(machineHome(environment), 'run', 'daemon.sock');
}

/**
 * Makes `server` listen at `path`. A socket that nobody answers is replaced.
 *
 * @returns takes the socket away again, if it is still ours
 * @throws DaemonAlreadyRunning, SocketUnusable
 */
export async function claimSocket(server: Server, path: string): Promise<Disposable> {
  if (Buffer.byteLength(path) + BINDING_SUFFIX > PATH_MAX) {
    throw new SocketUnusable(`the path of the daemon's socket is too long for this system: ${path}`, {
      hint: `set CHAPERONE_HOME to a shorter path (the socket's may have ${PATH_MAX - BINDING_SUFFIX} bytes)`,
    });
  }
  privateDirectory(dirname(path));
  const stale = await staleSocket(path);
  const binding = `${path}.${process.pid}`;
  removeIfThere(binding);
  await listen(server, binding);
  chmodSync(binding, SOCKET_MODE);
  const ours = lstatSync(binding);
  try {
    if (stale !== null) removeStale(path, stale);
    linkSync(binding, path); // fails where rename would silently replace a daemon that was quicker
  } catch (cause) {
    server.close();
    if (isCode(cause, 'EEXIST')) throw new DaemonAlreadyRunning(path);
    throw new SocketUnusable(`the daemon's socket cannot be made at ${path}`, { cause });
  } finally {
    removeIfThere(binding);
  }
  return {
    [Symbol.dispose]: () => {
      if (isSame(statOf(path), ours)) removeIfThere(path);
    },
  };
}

/** @throws DaemonAlreadyRunning when a daemon answers at `path` */
export async function refuseIfRunning(path: string): Promise<void> {
  if (statOf(path)?.isSocket() === true && (await answers(path))) throw new DaemonAlreadyRunning(path);
}

/** The dead socket that stands at `path`, or null when nothing does. */
async function staleSocket(path: string): Promise<Stats | null> {
  const found = statOf(path);
  if (found === null) return null;
  if (!found.isSocket()) {
    throw new SocketUnusable(`${path} is in the way: it is not a socket`, {
      hint: `move it away: mv ${path} ${path}.old`,
    });
  }
  if (await answers(path)) throw new DaemonAlreadyRunning(path);
  return found;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error) => {
      if (isCode(error, 'ECONNREFUSED') || isCode(error, 'ENOENT')) resolve(false);
      // Its queue is full: somebody is there and busy.
      else if (isCode(error, 'EAGAIN')) resolve(true);
      else reject(new SocketUnusable(`the socket at ${path} cannot be examined`, { cause: error }));
    });
  });
}

/** Moves the dead socket aside first, so that one which another daemon put there meanwhile is noticed and put back. */
function removeStale(path: string, stale: Stats): void {
  const aside = `${path}.${process.pid}`.replace('.sock.', '.old.');
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (!isSame(statOf(aside), stale)) linkSync(aside, path);
  removeIfThere(aside);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new SocketUnusable(`the daemon's socket cannot be made at ${path}`, { cause }));
    server.once('error', fail);
    server.listen(path, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function isSame(one: Stats | null, other: Stats): boolean {
  // The time too: an inode that was freed may be given out again at once.
  return one !== null && one.ino === other.ino && one.dev === other.dev && one.mtimeMs === other.mtimeMs;
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
