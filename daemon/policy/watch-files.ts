// Tells when files that decide something change: at once where the system says so, by looking again where it does not
// (network file systems, bind mounts).

import { type FSWatcher, type Stats, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const SETTLE_MS = 150; // editors write in several steps
const LOOK_MS = 5_000; // how late a change is seen where nothing tells of it

export interface WatchOptions {
  /** The files as they are named now; asked anew after each change. */
  readonly files: () => readonly string[];
  /** One of them was written, replaced, moved or removed, or may have been. */
  readonly onChange: () => void | Promise<void>;
  /** @default 5 s */
  readonly lookEveryMs?: number;
}

/** Watches until it is disposed of. Does not keep the process alive. */
export function watchFiles({ files, onChange, lookEveryMs = LOOK_MS }: WatchOptions): Disposable {
  const watchers = new Map<string, FSWatcher>();
  let settling: NodeJS.Timeout | undefined;
  let seen: string | null = null;
  let over = false;

  // Not put off by further changes: whoever keeps a file in motion must not keep a policy from taking effect.
  const soon = () => {
    settling ??= setTimeout(() => void changed(), SETTLE_MS).unref();
  };
  const changed = async () => {
    settling = undefined;
    seen = await stateOf(files());
    if (over) return;
    await onChange();
    if (!over) follow();
  };
  const look = async () => {
    const state = await stateOf(files());
    if (over || state === seen) return;
    const first = seen === null;
    seen = state;
    if (!first) soon();
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
  void look();
  const looking = setInterval(() => void look(), lookEveryMs).unref();
  return {
    [Symbol.dispose]: () => {
      over = true;
      clearTimeout(settling);
      clearInterval(looking);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

async function stateOf(files: readonly string[]): Promise<string> {
  const found = await Promise.all(files.map((file) => stat(file).then(signature, () => 'missing')));
  return found.join('\n');
}

function signature({ dev, ino, size, mtimeMs, ctimeMs, mode, uid }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs, mode, uid].join(' ');
}
