// Tells when files that decide something change: at once where the system says so, by looking again where it does not
// (network file systems, bind mounts).

import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

const SETTLE_MS = 150; // editors write in several steps
const LOOK_MS = 5_000; // how late a change is seen where nothing tells of it

export interface WatchOptions {
  /** The files as they are named now; asked anew after each change. */
  readonly files: () => readonly string[];
  /** One of them was written, replaced, moved or removed. Must not reject. */
  readonly onChange: () => void | Promise<void>;
  /** @default 5 s */
  readonly lookEveryMs?: number;
}

/** Watches until it is disposed of. Does not keep the process alive. */
export function watchFiles({ files, onChange, lookEveryMs = LOOK_MS }: WatchOptions): Disposable {
  const watchers = new Map<string, FSWatcher>();
  const seen = new Map(files().map((file) => [file, stateOf(file)]));
  let settling: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let over = false;

  // Not put off by further changes: whoever keeps a file in motion must not keep a policy from taking effect.
  const soon = () => {
    settling ??= setTimeout(look, SETTLE_MS).unref();
  };
  const look = () => {
    clearTimeout(settling);
    settling = undefined;
    looking = looking.then(compare);
  };
  // What happens to other files of the same directory is nobody's business here.
  const compare = async () => {
    const changed = files().filter((file) => !over && seen.get(file) !== stateOf(file));
    if (changed.length === 0) return;
    for (const file of changed) seen.set(file, stateOf(file));
    await onChange();
    if (!over) follow();
  };
  // The directory is watched and not the file: editors and package managers put a new file in its place.
  const follow = () => {
    const directories = new Set(files().map((file) => dirname(file)));
    for (const [directory, watcher] of watchers) {
      if (directories.has(directory)) continue;
      watcher.close();
      watchers.delete(directory);
    }
    for (const directory of directories) {
      if (watchers.has(directory)) continue;
      try {
        const watcher = watch(directory, { persistent: false }, soon);
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(directory);
        });
        watchers.set(directory, watcher);
      } catch {
        // Missing, or the system has no watches left: looking again finds the change.
      }
    }
  };

  follow();
  const regularly = setInterval(look, lookEveryMs).unref();
  return {
    [Symbol.dispose]: () => {
      over = true;
      clearTimeout(settling);
      clearInterval(regularly);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** Differs after each write, replacement, removal, and change of owner or permissions. */
function stateOf(file: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs, mode, uid } = statSync(file);
    return [dev, ino, size, mtimeMs, ctimeMs, mode, uid].join(' ');
  } catch {
    return 'missing';
  }
}
