// The one door to node-pty: its native part, without its JavaScript. That layer ends the output 200 ms after the exit
// whether it was read or not, busy-waits in `write` until the program reads, and forgets IUTF8 for raw bytes, so that
// erasing an umlaut at a prompt leaves half of it.

import { createRequire } from 'node:module';

/** What `pty.node` of node-pty 1.1 exports; the exact version is pinned in package.json. */
interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    environment: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number; readonly pty: string };
  resize(fd: number, cols: number, rows: number): void;
}

export interface ForkOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
}

export interface ForkedPty {
  /** Master side, non-blocking; not close-on-exec, so that whatever is started inherits it (see launcher.ts). */
  readonly master: number;
  /** Path of the slave side. */
  readonly slavePath: string;
  readonly pid: number;
}

const SAME_USER = -1; // for uid and gid: keep the daemon's own

let loaded: NativePty | undefined;

function native(): NativePty {
  const { requireBinary }: { requireBinary(file: string): NativePty } = createRequire(import.meta.url)(
    'node-pty/requireBinary.js',
  );
  loaded ??= requireBinary('pty.node');
  return loaded;
}

/** Starts a program on a new pty as leader of a new kernel session. `onExit` gets the raw code and signal number. */
export function forkPty(options: ForkOptions, onExit: (code: number, signal: number) => void): ForkedPty {
  const { program, args, cwd, cols, rows } = options;
  const environment = Object.entries(options.environment).map(([name, value]) => `${name}=${value}`);
  const forked = native().fork(
    program,
    args,
    environment,
    cwd,
    cols,
    rows,
    SAME_USER,
    SAME_USER,
    true,
    'unused-on-linux',
    onExit,
  );
  return { master: forked.fd, slavePath: forked.pty, pid: forked.pid };
}

/** Sets the size that the program sees and sends it SIGWINCH. */
export function resizePty(master: number, cols: number, rows: number): void {
  native().resize(master, cols, rows);
}
