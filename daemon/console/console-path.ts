// Where the person at the console reaches a daemon that runs as another user (root, as a service).
//
// The socket belongs to that person alone (0600) and stands in a directory that only root can change: the kernel lets
// nobody else connect, and nobody else can put another socket in its place.

import { existsSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localSocketPath } from '../local/socket-path.ts';

const DIRECTORY = '/run/chaperone';
export const DIRECTORY_MODE = 0o755; // anyone may look for their socket; each socket is its owner's alone
const OTHERS_MAY_CHANGE = 0o022;

/** `CHAPERONE_CONSOLE_DIR`, else `/run/chaperone`. */
export function consoleDirectory(environment: NodeJS.ProcessEnv): string {
  const chosen = environment.CHAPERONE_CONSOLE_DIR;
  return chosen === undefined || chosen === '' ? DIRECTORY : chosen;
}

/**
 * Where a daemon that runs as root offers itself, made if need be, so that it can be hidden from sessions (promise 7);
 * nothing for a daemon that runs as somebody else.
 */
export function offeredSockets(environment: NodeJS.ProcessEnv): string[] {
  if (process.getuid?.() !== 0) return [];
  const directory = consoleDirectory(environment);
  try {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  } catch {
    if (!existsSync(directory)) return []; // then no socket can be offered there either
  }
  return [directory];
}

export function consoleSocketPath(uid: number, environment: NodeJS.ProcessEnv): string {
  return join(consoleDirectory(environment), `${uid}.sock`);
}

/** The socket of the daemon that this user reaches: their own daemon's, else the one that the machine offers them. */
export function daemonSocketPath(environment: NodeJS.ProcessEnv = process.env): string {
  const own = localSocketPath(environment);
  if (isSocket(own)) return own;
  const uid = process.getuid?.();
  if (uid === undefined) return own;
  const offered = consoleSocketPath(uid, environment);
  return isSocket(offered) && isRootsOwn(dirname(offered)) ? offered : own;
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
}

/** Otherwise someone could have put up a daemon of their own, which asks and shows what they like. */
function isRootsOwn(directory: string): boolean {
  const { uid, mode } = statSync(directory);
  return uid === 0 && (mode & OTHERS_MAY_CHANGE) === 0;
}
