// A daemon that runs as root offers its socket to the person at the console, and to nobody else, as long as they are.

import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { LocalControls } from '../local/controls.ts';
import { type ServeLocalOptions, serveLocal } from '../local/server.ts';
import { consoleSocketPath, DIRECTORY_MODE } from './console-path.ts';
import { ConsoleUser } from './console-user.ts';

const SOCKET_MODE = 0o600;

/** Null where there is nothing to do: the daemon runs as the person themselves, or no logind tells who is there. */
export async function serveConsole(
  controls: LocalControls,
  environment: NodeJS.ProcessEnv,
  options: ServeLocalOptions,
): Promise<AsyncDisposable | null> {
  if (process.getuid?.() !== 0) return null;
  let served: AsyncDisposable | null = null;
  let turn: Promise<void> = Promise.resolve();
  const offer = (uid: number | null) => {
    turn = turn
      .then(async () => {
        // Before the next one comes: windows of someone who left the console show nothing and answer nothing any more.
        await served?.[Symbol.asyncDispose]();
        served = null;
        if (uid === null || uid === 0) return; // root reaches the daemon's own socket
        const claim = (server: Server, path: string) => claimFor(uid, server, path);
        served = await serveLocal(consoleSocketPath(uid, environment), controls, {
          ...options,
          claim,
          place: 'console',
        });
      })
      .catch((problem: unknown) => options.onTrouble?.('the person at the console cannot be reached', problem));
  };
  const watch = await ConsoleUser.watch(environment, offer);
  if (watch === null) return null;
  await turn;
  return {
    [Symbol.asyncDispose]: async () => {
      watch[Symbol.dispose]();
      await turn;
      await served?.[Symbol.asyncDispose]();
    },
  };
}

/** Made where nobody else can look, given to its owner, and only then moved to where it is found. */
async function claimFor(uid: number, server: Server, path: string): Promise<Disposable> {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  const { uid: owner, mode } = statSync(directory);
  if (owner !== 0 || (mode & 0o022) !== 0) throw new ChaperoneError(`${directory} can be changed by other users`);
  const making = mkdtempSync(join(directory, '.making-'));
  const binding = join(making, 's');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(binding, () => {
      server.off('error', reject);
      resolve();
    });
  });
  chmodSync(binding, SOCKET_MODE);
  chownSync(binding, uid, 0);
  renameSync(binding, path);
  rmSync(making, { recursive: true, force: true });
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}
