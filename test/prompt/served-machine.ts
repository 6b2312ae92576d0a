// An in-memory machine on a real socket in a home of its own, and programs of chaperoned in tmux beside it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectLocal, type LocalClient } from '../../daemon/local/client.ts';
import { serveLocal } from '../../daemon/local/server.ts';
import { localSocketPath } from '../../daemon/local/socket-path.ts';
import { InMemoryMachine } from './in-memory-machine.ts';
import { TmuxWindow, type WindowOptions } from './tmux-window.ts';

const PROGRAM = fileURLToPath(new URL('../../daemon/main.ts', import.meta.url));

export class ServedMachine implements AsyncDisposable {
  readonly machine: InMemoryMachine;
  readonly home: string;
  readonly socket: string;
  /** What the server complained about. */
  readonly troubles: string[] = [];
  readonly #server: AsyncDisposable;

  private constructor(machine: InMemoryMachine, home: string, server: AsyncDisposable, troubles: string[]) {
    this.machine = machine;
    this.home = home;
    this.socket = localSocketPath({ CHAPERONE_HOME: home });
    this.#server = server;
    this.troubles = troubles;
  }

  static async start(armsAfterMs?: number): Promise<ServedMachine> {
    const home = mkdtempSync(join(tmpdir(), 'chaperone-local-'));
    const machine = new InMemoryMachine(armsAfterMs);
    const troubles: string[] = [];
    const server = await serveLocal(localSocketPath({ CHAPERONE_HOME: home }), machine, {
      onTrouble: (words) => troubles.push(words),
    });
    return new ServedMachine(machine, home, server, troubles);
  }

  connect(): Promise<LocalClient> {
    return connectLocal(this.socket);
  }

  /** `chaperoned <command…>` in a terminal of its own. */
  window(command: readonly string[], options: WindowOptions = {}): TmuxWindow {
    return new TmuxWindow([process.execPath, PROGRAM, ...command], {
      ...options,
      env: { CHAPERONE_HOME: this.home, ...options.env },
    });
  }

  /** As when the daemon dies. */
  async stop(): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}
