// An SSH connection up to the moment when the machine lets the technician in: host key, own key, conversation.

import type { Socket } from 'node:net';
import type { AnyAuthMethod, AuthHandlerMiddleware, Client } from 'ssh2';
import SshClient from 'ssh2/lib/client.js';
import { readHostCertificateMessage } from '../../protocol/host-certificate-message.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { fingerprintOf } from '../../protocol/identity/public-key.ts';
import { sessionIdentifier, takePackets } from '../../protocol/ssh-handlers.ts';
import { CLIENT_SOFTWARE } from '../../protocol/ssh-software.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { ALGORITHMS } from './algorithms.ts';
import { presentCertificates } from './certified-key.ts';
import type { ConnectionTerms } from './code-proof.ts';
import type { Conversation } from './conversation.ts';
import { GivenUp, KeyRefused, NoTechnicianKey, ProtocolBroken, Unreachable, WrongMachine } from './errors.ts';
import { gatePackets, type InfoRequest } from './packet-gate.ts';
import type { TechnicianKey } from './technician-keys.ts';

const HANDSHAKE_LIMIT_MS = 20_000; // for the machine's part, also on a busy one; stops while a person is asked
const KEEPALIVE_MS = 10_000; // once there is a session; three unanswered ones end it
const KEEPALIVES_MISSED = 3;

export interface LinkOptions {
  readonly socket: Socket;
  /** For messages: where the socket leads. */
  readonly address: string;
  /** Connection ID, or `machine`. */
  readonly user: string;
  readonly keys: AsyncIterator<TechnicianKey>;
  /**
   * Rejects to stop the connection with that error. Called once, when the machine has proved its key and before it
   * hears who we are; `certificate` is what it showed for that key.
   */
  readonly verifyHostKey: (blob: Buffer, certificate: Certificate | null) => Promise<void>;
  /** Loaded while the network works: asked for when the first question comes. */
  readonly conversation: (terms: ConnectionTerms) => Promise<Conversation>;
  /** The machine is the one that is meant. Rejects to stop the connection. */
  readonly onAuthenticating: () => Promise<void>;
  readonly signal: AbortSignal;
}

export interface Link {
  readonly client: Client;
  /** The key that the machine took. */
  readonly key: TechnicianKey;
  /** Resolves when the connection is gone, with the reason in words if there is one. */
  readonly closed: Promise<string | null>;
  /** Says goodbye. */
  readonly leave: () => void;
  /** Ends the connection at once, without a word. */
  readonly cut: () => void;
}

/** Resolves when the local user has accepted. Rejects with what the technician should read. */
export function openLink(options: LinkOptions): Promise<Link> {
  return new LinkAttempt(options).run();
}

class LinkAttempt {
  readonly #options: LinkOptions;
  readonly #client = new SshClient();
  readonly #link = Promise.withResolvers<Link>();
  readonly #closed = Promise.withResolvers<string | null>();
  readonly #tried: string[] = [];
  #patience: NodeJS.Timeout | undefined;
  #hostKey: Buffer | null = null;
  #hostCertificate: Certificate | null = null;
  #verified = false;
  #offered: TechnicianKey | null = null;
  #methodsLeft: readonly string[] = [];
  #keyAccepted = false;
  #conversation: Conversation | null = null;
  #broken: string | null = null;
  #settled = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  run(): Promise<Link> {
    const { socket, user, signal } = this.#options;
    const giveUp = (): void => this.#fail(new GivenUp());
    signal.addEventListener('abort', giveUp, { once: true });
    void this.#link.promise.then(
      () => signal.removeEventListener('abort', giveUp),
      () => signal.removeEventListener('abort', giveUp),
    );
    this.#client
      .on('ready', () => this.#ready())
      .on('handshake', () => this.#checkSoftware())
      .on('error', (error) => this.#onError(error))
      .on('close', () => this.#onClose());
    this.#wait(HANDSHAKE_LIMIT_MS);
    this.#client.connect({
      sock: socket,
      username: user,
      ident: CLIENT_SOFTWARE,
      algorithms: ALGORITHMS,
      readyTimeout: 0, // a person may be awaited; this class has limits of its own
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVES_MISSED,
      hostVerifier: (blob: Buffer, accept: (valid: boolean) => void) => this.#verifyHostKey(blob, accept),
      authHandler: this.#authHandler,
    });
    presentCertificates(this.#client);
    takePackets(this.#client, 'DEBUG', (_protocol, _display, text) => this.#takeHostCertificate(text));
    gatePackets(this.#client, {
      onInfoRequest: (request, answer) => void this.#converse(request, answer),
      onFailure: (methodsLeft, partial) => {
        this.#methodsLeft = methodsLeft;
        this.#keyAccepted ||= partial;
      },
      onOverrun: () => this.#client.emit('error', new Error('the machine sent more than it may')),
    });
    if (signal.aborted) {
      giveUp();
    }
    return this.#link.promise;
  }

  /** Restarts the clock for the machine's next move; null stops it while a person is asked. */
  #wait(ms: number | null): void {
    clearTimeout(this.#patience);
    if (ms !== null && !this.#settled) {
      this.#patience = setTimeout(() => this.#fail(this.#silence()), ms);
    }
  }

  #silence(): Error {
    return (
      this.#conversation?.failure() ??
      new Unreachable(`${this.#options.address} no longer answers`, 'is it switched on and on this network?')
    );
  }

  #verifyHostKey(blob: Buffer, accept: (valid: boolean) => void): void {
    if (this.#hostKey !== null) {
      // Key exchange again in a running connection: the same machine, or none.
      accept(this.#hostKey.equals(blob));
      return;
    }
    this.#hostKey = Buffer.from(blob);
    accept(true); // that it holds the key; whether it is the right machine is looked at before we say who we are
  }

  #takeHostCertificate(text: unknown): void {
    if (this.#verified || this.#hostCertificate !== null || typeof text !== 'string') {
      return;
    }
    try {
      this.#hostCertificate = readHostCertificateMessage(text);
    } catch (cause) {
      this.#fail(new ProtocolBroken('the machine sent a certificate that cannot be read', cause));
    }
  }

  /** All that the machine says about itself is here now: its key, proved, and perhaps a certificate. */
  async #verifyMachine(): Promise<void> {
    if (this.#hostKey === null) {
      throw new ProtocolBroken('the machine has not shown a key');
    }
    this.#verified = true;
    this.#wait(null);
    await this.#options.verifyHostKey(this.#hostKey, this.#hostCertificate);
    this.#wait(HANDSHAKE_LIMIT_MS);
    await this.#options.onAuthenticating();
  }

  #checkSoftware(): void {
    const software: unknown = Reflect.get(this.#client, '_remoteVer');
    if (typeof software === 'string' && !software.startsWith('Chaperone')) {
      const shown = sanitiseLine(software, 60);
      this.#fail(
        new Unreachable(
          `an SSH server of another kind (${shown}) answers at ${this.#options.address}`,
          'check the port: chaperoned listens on 2200 unless its policy says otherwise',
        ),
      );
    }
  }

  readonly #authHandler: AuthHandlerMiddleware = (_methods, _partial, next) => {
    this.#chooseMethod().then(
      (method) => {
        if (!this.#settled) {
          this.#wait(HANDSHAKE_LIMIT_MS);
          next(method);
        }
      },
      (error: unknown) => this.#fail(error),
    );
  };

  async #chooseMethod(): Promise<AnyAuthMethod> {
    const { user, address } = this.#options;
    if (this.#settled) {
      throw new GivenUp();
    }
    if (!this.#verified) {
      await this.#verifyMachine();
    }
    if (this.#conversation !== null) {
      throw this.#conversation.failure() ?? new ProtocolBroken('the machine ended the conversation without a reason');
    }
    if (this.#keyAccepted) {
      if (!this.#methodsLeft.includes('keyboard-interactive')) {
        throw new WrongMachine(`${address} does not ask what a Chaperone machine asks`, 'check the address');
      }
      return { type: 'keyboard-interactive', username: user, prompt: () => undefined };
    }
    this.#wait(null); // a passphrase may be asked for
    const next = await this.#options.keys.next();
    if (next.done === true) {
      if (this.#methodsLeft.includes('keyboard-interactive')) {
        return { type: 'keyboard-interactive', username: user, prompt: () => undefined }; // to hear why
      }
      throw this.#tried.length > 0
        ? new KeyRefused(this.#tried)
        : new NoTechnicianKey('you have no SSH key to prove who you are', 'make one and see it: chaperone whoami');
    }
    this.#offered = next.value;
    this.#tried.push(next.value.fingerprint);
    return next.value.method(user, (active) => this.#wait(active ? null : HANDSHAKE_LIMIT_MS));
  }

  async #converse(request: InfoRequest, answer: (answers: readonly string[]) => void): Promise<void> {
    this.#wait(null);
    try {
      this.#conversation ??= await this.#options.conversation(this.#terms());
      const answers = await this.#conversation.answer(request);
      if (!this.#settled) {
        this.#wait(this.#conversation.patienceMs);
        answer(answers);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What was proven on this connection: by then the machine's key, and the key that it took. */
  #terms(): ConnectionTerms {
    if (this.#hostKey === null || this.#offered === null) {
      throw new ProtocolBroken('the machine asks before keys were shown');
    }
    return {
      hostKey: fingerprintOf(this.#hostKey),
      technicianKey: this.#offered.fingerprint,
      sshSession: sessionIdentifier(this.#client),
    };
  }

  #ready(): void {
    if (this.#settled) {
      return;
    }
    if (this.#conversation?.granted !== true || this.#offered === null) {
      this.#fail(new ProtocolBroken('the machine let us in without asking anyone'));
      return;
    }
    this.#settled = true;
    clearTimeout(this.#patience);
    this.#link.resolve({
      client: this.#client,
      key: this.#offered,
      closed: this.#closed.promise,
      leave: () => void this.#client.end(),
      cut: () => this.#options.socket.destroy(),
    });
  }

  #onError(error: Error): void {
    if ('level' in error && error.level === 'agent') {
      return; // the agent would not sign; the next key is offered
    }
    this.#broken ??= sanitiseLine(error.message, 200);
    this.#fail(this.#conversation?.failure() ?? this.#explain(error));
    this.#options.socket.destroy();
  }

  #onClose(): void {
    this.#closed.resolve(this.#broken);
    const hint = 'try again; if it stays so, ask the person whether the machine is still on';
    this.#fail(
      this.#conversation?.failure() ?? new Unreachable(`${this.#options.address} hung up ${this.#stage()}`, hint),
    );
  }

  #explain(error: Error): Error {
    const { address } = this.#options;
    const words = sanitiseLine(error.message, 200);
    if (/no matching|identification|Connection lost before handshake/i.test(words)) {
      return new Unreachable(
        `what answers at ${address} is no Chaperone machine of this version (${words})`,
        'check the port: chaperoned listens on 2200 unless its policy says otherwise',
        error,
      );
    }
    return new Unreachable(`the connection to ${address} broke ${this.#stage()} (${words})`, 'try again', error);
  }

  #stage(): string {
    if (this.#hostKey === null) {
      return 'before it said who it is';
    }
    if (this.#conversation === null) {
      return this.#keyAccepted ? 'after it took your key' : 'while it checked your key';
    }
    return 'before anyone answered';
  }

  #fail(error: unknown): void {
    if (this.#settled) {
      return;
    }
    this.#settled = true;
    clearTimeout(this.#patience);
    this.#link.reject(error);
    this.#client.end();
    this.#options.socket.destroySoon();
  }
}
