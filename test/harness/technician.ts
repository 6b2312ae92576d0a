// A technician's SSH program as a test plays it: ssh2's client, which says and answers what the test wants. Honest by
// default; `raw.ts` is what it misbehaves with.

import { once } from 'node:events';
import { type Client, type ClientChannel, type ConnectConfig, default as ssh2 } from 'ssh2';
import {
  CODE_PROMPT,
  ConversationStatus,
  REASON_PROMPT,
  SCOPES_PROMPT,
  STATUS_NAME,
  TICKET_PROMPT,
} from '../../protocol/conversation.ts';
import { PAIRING_NAME, PAIRING_PROMPT, PairingOffer } from '../../protocol/pairing/messages.ts';
import { gatePackets, type InfoRequest } from '../../tui/connection/packet-gate.ts';
import { ControlSide } from './control-side.ts';
import { answerPairing } from './pairing.ts';
import type { TechnicianKey } from './technician-key.ts';
import { Transcript } from './transcript.ts';

export interface TechnicianOptions {
  readonly host: string;
  readonly port: number;
  /** Nine digits, or whatever the test wants to be called. */
  readonly username: string;
  readonly key: TechnicianKey;
  readonly code: string;
  /** How often it tries the code; then it leaves offers unanswered. @default as often as it may */
  readonly tries?: number;
  readonly reason?: string;
  readonly ticket?: string;
  /** As typed at the prompt. @default `diagnostics shell` */
  readonly scopes?: string;
  /** What the program calls itself. @default a name that makes the machine speak JSON */
  readonly software?: string;
  /** Answers instead of the honest ones; undefined leaves the request unanswered. */
  readonly answer?: (request: InfoRequest) => readonly string[] | undefined;
  readonly config?: ConnectConfig;
}

/** How a channel ended, as the machine told. */
export interface ChannelEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export class Technician implements AsyncDisposable {
  readonly client: Client = new ssh2.Client();
  /** Every sentence of the conversation before the session, in order. */
  readonly told = new Transcript();
  readonly statuses: ConversationStatus[] = [];
  /** Names of the prompts that came. */
  readonly prompts: string[] = [];
  /** Resolves when channels may be opened; rejects when there will be no session. */
  readonly ready: Promise<void>;
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
  readonly #options: TechnicianOptions;
  #hostKey: Uint8Array = new Uint8Array();
  #tries = 0;
  #send: (answers: readonly string[]) => void = () => undefined;

  constructor(options: TechnicianOptions) {
    this.#options = options;
    const closed = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.ready = ready.promise;
    ready.promise.catch(() => undefined); // who does not wait for it does not want to know
    let trouble: Error | undefined;
    this.client.on('error', (error) => {
      trouble ??= error;
    });
    this.client.on('ready', () => ready.resolve());
    this.client.on('close', () => {
      ready.reject(new Error(`no session: ${trouble?.message ?? 'closed'}; told: ${this.told.text}`));
      closed.resolve();
    });
    this.client.connect({
      host: options.host,
      port: options.port,
      username: options.username,
      privateKey: options.key.privateKey,
      ident: options.software ?? 'Chaperone_test',
      tryKeyboard: true,
      authHandler: ['publickey', 'keyboard-interactive'],
      readyTimeout: 0, // a person is awaited
      hostVerifier: (blob: Buffer) => {
        this.#hostKey = Uint8Array.from(blob);
        return true;
      },
      ...options.config,
    });
    gatePackets(this.client, {
      onInfoRequest: (request, send) => {
        this.#send = send;
        const answers = this.#answer(request);
        if (answers !== undefined) send(answers);
      },
      onFailure: () => undefined,
      onOverrun: () => this.client.destroy(),
    });
  }

  /** Resolves when the machine says that it stands so. */
  async untilTold(state: ConversationStatus['state']): Promise<void> {
    await this.told.until(`[${state}]`);
  }

  /** An interactive shell; resolves when the machine has accepted it. */
  async shell({ cols = 80, rows = 24, term = 'xterm-256color' } = {}): Promise<TechnicianShell> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>();
    this.client.shell({ cols, rows, term }, (error, channel) => (error ? reject(error) : resolve(channel)));
    return new TechnicianShell(await promise);
  }

  /** The control channel. */
  async control(): Promise<ControlSide> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>();
    this.client.subsys('chaperone', (error, channel) => (error ? reject(error) : resolve(channel)));
    return new ControlSide(await promise);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await this.closed;
  }

  #answer(request: InfoRequest): readonly string[] | undefined {
    this.prompts.push(...request.prompts);
    if (request.prompts.length === 0 || request.name === PAIRING_NAME) this.#hear(request);
    if (this.#options.answer !== undefined) return this.#options.answer(request);
    if (request.name === PAIRING_NAME && this.#tries++ >= (this.#options.tries ?? Number.POSITIVE_INFINITY))
      return undefined;
    const { code, reason, ticket, scopes } = this.#options;
    const answers: Readonly<Record<string, string>> = {
      [CODE_PROMPT]: code,
      [REASON_PROMPT]: reason ?? 'the printer prints blank pages',
      [TICKET_PROMPT]: ticket ?? 'T-1001',
      [SCOPES_PROMPT]: scopes ?? 'diagnostics shell',
    };
    return request.prompts.map((prompt) => (prompt === PAIRING_PROMPT ? this.prove(request) : (answers[prompt] ?? '')));
  }

  /** Answers the last request that `answer` left unanswered. */
  respond(answers: readonly string[]): void {
    this.#send(answers);
  }

  /** The answer to an offer to pair, by the code that this technician has. */
  prove({ instruction }: InfoRequest, code = this.#options.code): string {
    const { publicKey } = this.#options.key;
    return answerPairing(instruction, { client: this.client, hostKey: this.#hostKey, publicKey, code });
  }

  #hear(request: InfoRequest): void {
    if (request.name !== STATUS_NAME && request.name !== PAIRING_NAME) {
      this.told.append(`${request.instruction}\n`);
      return;
    }
    const status =
      request.name === PAIRING_NAME
        ? PairingOffer.parse(JSON.parse(request.instruction)).status
        : ConversationStatus.parse(JSON.parse(request.instruction));
    this.statuses.push(status);
    this.told.append(`[${status.state}] ${status.message}\n`);
  }
}

export class TechnicianShell {
  readonly channel: ClientChannel;
  /** What came from the machine, and what it said about the session (stderr). */
  readonly output = new Transcript();
  readonly notices = new Transcript();
  readonly closed: Promise<ChannelEnd>;
  /** Bytes of output that came. */
  bytes = 0;

  constructor(channel: ClientChannel) {
    this.channel = channel;
    const decoder = new TextDecoder();
    channel.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      this.output.append(decoder.decode(chunk, { stream: true }));
    });
    channel.stderr.on('data', (chunk: Buffer) => this.notices.append(chunk.toString()));
    let end: ChannelEnd = { code: null, signal: null };
    channel.on('exit', (code: number | null, signal?: string) => {
      end = { code, signal: signal ?? null };
    });
    channel.on('error', () => undefined);
    this.closed = once(channel, 'close').then(() => end);
  }

  get text(): string {
    return this.output.text;
  }

  until(wanted: string | RegExp, options?: Parameters<Transcript['until']>[1]): Promise<string> {
    return this.output.until(wanted, options);
  }

  enter(line: string): void {
    this.channel.write(`${line}\r`);
  }

  resize(cols: number, rows: number): void {
    this.channel.setWindow(rows, cols, 0, 0);
  }
}
