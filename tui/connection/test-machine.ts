// A machine for tests: a real SSH server that keeps to the protocol unless a test tells it not to. Never shipped.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';
import ssh2 from 'ssh2';
import type { ConversationStatus } from '../../protocol/conversation.ts';
import type { Grant } from '../../protocol/grant.ts';
import { fingerprintOf } from '../../protocol/identity/public-key.ts';
import { signCheckpoint } from '../../protocol/log/checkpoint.ts';
import { EMPTY_ROOT } from '../../protocol/log/hashing.ts';
import { generateSignerKey, type NoteSigner, parseSignerKey } from '../../protocol/log/note-keys.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { signJson } from '../../protocol/signed-json.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { SERVER_SOFTWARE } from '../../protocol/ssh-software.ts';
import { ALGORITHMS } from './algorithms.ts';
import { honestTalk, type Talk, talkOver } from './test-talk.ts';

export const TEST_ID = '482913077';
export const TEST_CODE = '27-harbor-violet';
export const TEST_SESSION = '019aa000-0000-7000-8000-000000000001';

export interface TestMachineOptions {
  readonly software?: string;
  readonly hostKey?: string;
  readonly signer?: NoteSigner;
  readonly id?: string;
  readonly name?: string;
  /** Fingerprints of listed keys. @default every key */
  readonly technicians?: readonly string[];
  /** Proves keys and takes none; {@link talk} says why. */
  readonly refusesKeys?: boolean;
  /** Resolves true to accept. @default {@link honestTalk} */
  readonly talk?: (talk: Talk, machine: TestMachine) => Promise<boolean>;
  /** Serves the control channel. @default {@link TestMachine.serveControl} */
  readonly control?: (channel: ServerChannel, machine: TestMachine) => void;
  readonly shell?: (channel: ServerChannel, pty: { readonly cols: number; readonly rows: number }) => void;
  readonly onResize?: (size: { readonly cols: number; readonly rows: number }) => void;
  /** Changes the grant before it is signed. */
  readonly grant?: (grant: Grant) => Grant;
  readonly scopes?: readonly Scope[];
  /** Called with every TCP connection before SSH begins. */
  readonly onSocket?: (socket: Socket) => void;
}

export class TestMachine implements AsyncDisposable {
  readonly options: TestMachineOptions;
  readonly hostKey: string;
  readonly fingerprint: string;
  readonly signer: NoteSigner;
  /** What was answered to the request prompts. */
  asked: string[] = [];
  /** One for each try to pair: {@link TEST_CODE}, or `wrong`. */
  readonly codes: string[] = [];
  readonly requests: string[] = [];
  controls: ServerChannel[] = [];
  readonly clients: Connection[] = [];
  technicianKey = '';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  private constructor(options: TestMachineOptions) {
    this.options = options;
    this.hostKey = options.hostKey ?? newHostKey();
    const parsed = ssh2.utils.parseKey(this.hostKey);
    if (parsed instanceof Error) throw parsed;
    this.fingerprint = fingerprintOf(parsed.getPublicSSH());
    this.signer = options.signer ?? parseSignerKey(generateSignerKey(`chaperone/machine/${this.id}`).signerKey);
    const ssh = new ssh2.Server(
      { hostKeys: [this.hostKey], ident: options.software ?? SERVER_SOFTWARE, algorithms: ALGORITHMS },
      (client) => this.#serve(client),
    );
    this.#server = createServer((socket) => {
      this.#connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      options.onSocket?.(socket);
      ssh.injectSocket(socket);
    });
  }

  static async start(options: TestMachineOptions = {}): Promise<TestMachine> {
    const machine = new TestMachine(options);
    machine.#server.listen(0, '127.0.0.1');
    await once(machine.#server, 'listening');
    return machine;
  }

  get id(): string {
    return this.options.id ?? TEST_ID;
  }

  get address(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  }

  get connections(): number {
    return this.#connections;
  }

  status(state: ConversationStatus['state'], more: Partial<ConversationStatus> = {}): ConversationStatus {
    const machine = { id: this.id, name: this.options.name ?? 'front-desk-2', hipaa: true };
    return { v: 1, state, message: `This is ${state}.`, machine, ...more };
  }

  grant(): Grant {
    const grant: Grant = {
      v: 1,
      session: TEST_SESSION,
      machine: { id: this.id, name: this.options.name ?? 'front-desk-2', hipaa: true },
      technician: {
        name: 'Dana Field',
        role: 'technician',
        phone: '+1 555 0100',
        organisation: null,
        keyFingerprint: this.technicianKey,
        verifiedBy: 'listed',
      },
      reason: this.asked[0] ?? '',
      ticket: this.asked[1] ?? '',
      asked: ['diagnostics', 'shell'],
      scopes: [...(this.options.scopes ?? ['diagnostics', 'shell'])],
      grantedAt: '2026-11-22T10:00:00.000Z',
      expiresAt: '2026-11-22T12:00:00.000Z',
      recorded: { output: true, input: false },
      containment: 'tree',
      sandboxed: false,
    };
    return this.options.grant?.(grant) ?? grant;
  }

  receiptNote(change: Partial<Receipt> = {}): string {
    const checkpoint = signCheckpoint({ origin: this.signer.name, size: 0, root: EMPTY_ROOT }, this.signer);
    const receipt: Receipt = {
      v: 1,
      grant: this.grant(),
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T10:10:00.000Z',
      endedBy: 'local user',
      endReason: 'the person ended it',
      scopesUsed: [],
      shells: [],
      diagnostics: [],
      refused: [],
      pauses: 0,
      bytes: { toTechnician: 0, fromTechnician: 0 },
      processesLeft: 0,
      checkpoint,
      ...change,
    };
    return signJson('receipt', receipt, this.signer);
  }

  notify(method: string, params: unknown): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  send(message: unknown): void {
    for (const control of this.controls) {
      control.write(`${JSON.stringify(message)}\n`);
    }
  }

  /** The last words of a session. */
  end(message = 'The person ended the session.', note = this.receiptNote()): void {
    this.notify('session.state', { state: 'ended', message, at: new Date().toISOString() });
    this.notify('receipt', { note });
    for (const control of this.controls) {
      control.end();
      control.close();
    }
    this.controls = [];
  }

  /** An honest machine's answers on the control channel. */
  serveControl(channel: ServerChannel): void {
    let rest = '';
    channel.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { id, method, params } = JSON.parse(line);
        this.requests.push(method);
        const result = this.answer(method, params);
        if (result !== undefined) {
          this.send({ jsonrpc: '2.0', id, result });
        }
        if (method === 'session.end') {
          this.end('You ended the session.', this.receiptNote({ endedBy: 'technician', endReason: 'you ended it' }));
        }
      }
    });
  }

  answer(method: string, _params: unknown): unknown {
    const now = new Date().toISOString();
    switch (method) {
      case 'session.info': {
        const grant = this.grant();
        return {
          grant,
          grantNote: signJson('grant', grant, this.signer),
          machineKey: this.signer.verifier.key,
          state: { state: 'active', message: '', at: now },
          startedAt: now,
          now,
        };
      }
      case 'audit.list':
        return { events: [] };
      default:
        return {};
    }
  }

  /** Pulls the cable. */
  vanish(): void {
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.vanish();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Connection): void {
    let proven = false;
    this.clients.push(client);
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method === 'publickey' && !proven) {
        const fingerprint = fingerprintOf(context.key.data);
        if (this.options.technicians?.includes(fingerprint) === false) {
          context.reject(['publickey']);
        } else if (context.signature === undefined) {
          context.accept();
        } else if (this.options.refusesKeys === true) {
          context.reject(['publickey', 'keyboard-interactive']);
        } else {
          proven = true;
          this.technicianKey = fingerprint;
          context.reject(['keyboard-interactive'], true);
        }
      } else if (context.method === 'keyboard-interactive' && (proven || this.options.refusesKeys === true)) {
        const talk = talkOver(context, client, this);
        void (this.options.talk ?? honestTalk)(talk, this).then((ok) => (ok ? context.accept() : context.reject([])));
      } else {
        context.reject([proven ? 'keyboard-interactive' : 'publickey']);
      }
    });
    client.on('session', (accept) => {
      const session = accept();
      let pty = { cols: 80, rows: 24 };
      session.on('pty', (ok, _reject, info) => {
        pty = { cols: info.cols, rows: info.rows };
        ok?.();
      });
      session.on('window-change', (_ok, _reject, info) =>
        this.options.onResize?.({ cols: info.cols, rows: info.rows }),
      );
      session.on('subsystem', (ok) => {
        const channel = ok();
        channel.on('error', () => undefined);
        this.controls.push(channel);
        (this.options.control ?? ((served) => this.serveControl(served)))(channel, this);
      });
      session.on('shell', (ok) => {
        const channel = ok();
        channel.on('error', () => undefined);
        this.options.shell?.(channel, pty);
      });
    });
  }
}

export function newHostKey(): string {
  return newSshKey('machine').privateKey;
}
