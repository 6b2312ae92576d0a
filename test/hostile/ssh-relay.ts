// A man in the middle who knows SSH: a server with a host key of its own towards the technician, a client with a listed
// key of an accomplice towards the machine. It passes every question and answer on as it is, and keeps all that it sees.

import { once } from 'node:events';
import { createServer } from 'node:net';
import ssh2, { type AuthContext, type Connection, type KeyboardAuthContext } from 'ssh2';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { CLIENT_SOFTWARE, SERVER_SOFTWARE } from '../../protocol/ssh-software.ts';
import { gatePackets } from '../../tui/connection/packet-gate.ts';

export interface RelayOptions {
  /** The real machine. */
  readonly host: string;
  readonly port: number;
  /** Private key that the machine lists. */
  readonly accomplice: string;
}

export class SshRelay implements AsyncDisposable {
  /** Everything that passed, from either side. */
  readonly seen: string[] = [];
  readonly #options: RelayOptions;
  readonly #rest = new AsyncDisposableStack();
  #port = 0;

  private constructor(options: RelayOptions) {
    this.#options = options;
  }

  static async start(options: RelayOptions): Promise<SshRelay> {
    const relay = new SshRelay(options);
    const ssh = new ssh2.Server({ hostKeys: [newSshKey('relay').privateKey], ident: SERVER_SOFTWARE }, (technician) =>
      relay.#serve(technician),
    );
    const server = createServer((socket) => {
      relay.#rest.defer(() => void socket.destroy());
      ssh.injectSocket(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    relay.#port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    relay.#rest.defer(() => void server.close());
    return relay;
  }

  /** Where the technician is made to connect. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest.disposeAsync();
  }

  #serve(technician: Connection): void {
    technician.on('error', () => undefined);
    technician.on('authentication', (context: AuthContext) => {
      if (context.method === 'publickey' && context.signature === undefined) {
        context.accept(); // any key will do: it is thrown away
      } else if (context.method === 'publickey') {
        context.reject(['keyboard-interactive'], true);
      } else if (context.method === 'keyboard-interactive') {
        this.#passOn(context);
      } else {
        context.reject(['publickey']);
      }
    });
  }

  #passOn(technician: KeyboardAuthContext): void {
    const { host, port, accomplice } = this.#options;
    const machine = new ssh2.Client();
    this.#rest.defer(() => void machine.destroy());
    machine.on('error', () => technician.reject([]));
    machine.on('ready', () => technician.accept());
    machine.connect({
      host,
      port,
      username: technician.username,
      privateKey: accomplice,
      ident: CLIENT_SOFTWARE,
      tryKeyboard: true,
      authHandler: ['publickey', 'keyboard-interactive'],
      hostVerifier: () => true,
    });
    gatePackets(machine, {
      onInfoRequest: ({ name, instruction, prompts }, answer) => {
        this.seen.push(name, instruction, ...prompts);
        technician.prompt(
          prompts.map((prompt) => ({ prompt, echo: true })),
          name,
          instruction,
          (answers) => {
            this.seen.push(...answers);
            answer(answers);
          },
        );
      },
      onFailure: () => undefined,
      onOverrun: () => machine.destroy(),
    });
  }
}
