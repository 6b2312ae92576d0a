// One SSH connection of a technician's program, before and after authentication.

import type { Socket } from 'node:net';
import type { AuthContext, ClientInfo, Connection, KeyboardAuthContext } from 'ssh2';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { packetGate, sessionIdentifier } from '../../protocol/ssh-handlers.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { Emitter } from '../session/emitter.ts';
import { guardSurface } from './surface-guard.ts';

const LEAVE_MS = 2_000; // for a program to take the last words and go by itself, with its exit status
const GOODBYE_MS = 3_000; // after SSH's own goodbye; then the socket is cut
const REKEY_BYTES = 1024 ** 3; // DESIGN.md §5: per 1 GiB or hour
const REKEY_MS = 60 * 60_000;
const REKEY_CHECK_MS = 1_000;

/** The program went away before the path was walked to its end. */
export class TechnicianGone extends ChaperoneError {}

export interface Refusal {
  readonly what: string;
  readonly detail: string;
  readonly reason: string;
}

export class TechnicianConnection implements Disposable {
  readonly client: Connection;
  readonly socket: Socket;
  /** Address and port of the other side. */
  readonly address: string;
  /** The address alone. */
  readonly ip: string;
  /** What the program calls itself, one safe line. */
  readonly software: string;
  readonly #closed = new AbortController();
  #lost = false;
  #closing = false;
  #rekey: NodeJS.Timeout | undefined;
  /** The scopes that SSH requests are judged by; set when a session is active. */
  scopes: () => readonly Scope[] = () => [];
  /** There may be room for more output: in the SSH window of a channel, or in the socket. */
  readonly roomGrew = new Emitter<void>();
  onRefused: (refusal: Refusal) => void = () => undefined;
  /** Whether the answers that have just come were asked for; ssh2 passes over those that were not, without a word. */
  wereAsked: () => boolean = () => true;

  constructor(client: Connection, socket: Socket, info: ClientInfo) {
    this.client = client;
    this.socket = socket;
    this.ip = info.ip;
    this.address = `${info.ip}:${info.port}`;
    this.software = sanitiseLine(info.header.versions.software, 60);
    guardSurface(client, {
      scopes: () => this.scopes(),
      onWindow: () => this.roomGrew.emit(),
      onRefused: (what, detail, reason) => this.onRefused({ what, detail, reason }),
      onOverrun: () => {
        const reason = 'it sent more than its window allows';
        this.onRefused({ what: 'channel data', detail: 'beyond the window', reason });
        this.#lost = true;
        socket.destroy();
      },
    });
    packetGate(client)('USERAUTH_INFO_RESPONSE', (pass, ...args) => {
      if (this.wereAsked()) pass(...args);
    });
    socket.on('drain', () => this.roomGrew.emit());
    client.on('error', () => {
      this.#lost = true;
    });
    client.on('close', () => this.#closed.abort(new TechnicianGone("the technician's program went away")));
  }

  /** Aborted when the connection is gone. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Whether it broke rather than being closed by the technician. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Whether `chaperone` is at the other end (by its own word: such a program pairs and reads status as JSON, and never
   * gets to type the code). */
  get structured(): boolean {
    return this.software.startsWith('Chaperone');
  }

  /** SSH's session identifier, the same on both sides. Throws before keys were exchanged. */
  get sshSession(): Uint8Array {
    return sessionIdentifier(this.client);
  }

  /** Every authentication request from now on goes to `listener`, and to no other. */
  onAuthentication(listener: (context: AuthContext) => void): void {
    this.client.removeAllListeners('authentication');
    this.client.on('authentication', listener);
  }

  /** New keys per gibibyte or hour, whichever comes first. */
  rekeyRegularly(): void {
    let bytes = this.#traffic();
    let since = performance.now();
    this.#rekey = setInterval(() => {
      if (this.#traffic() - bytes > REKEY_BYTES || performance.now() - since > REKEY_MS) {
        bytes = this.#traffic();
        since = performance.now();
        this.client.rekey(() => undefined);
      }
    }, REKEY_CHECK_MS);
    this.#rekey.unref();
  }

  #traffic(): number {
    return this.socket.bytesRead + this.socket.bytesWritten;
  }

  /** Lets the program go, then says goodbye in SSH's words, then cuts it off. */
  close(afterMs: number = LEAVE_MS): void {
    clearInterval(this.#rekey);
    if (this.#closing || this.#closed.signal.aborted) {
      return;
    }
    this.#closing = true;
    // SSH's goodbye makes OpenSSH forget the exit status that it has just been given: let it go by itself first.
    const goodbye = setTimeout(() => this.client.end(), afterMs);
    const cut = setTimeout(() => this.socket.destroy(), afterMs + GOODBYE_MS);
    this.#closed.signal.addEventListener(
      'abort',
      () => {
        clearTimeout(goodbye);
        clearTimeout(cut);
      },
      { once: true },
    );
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export function isKeyboardContext(context: AuthContext): context is KeyboardAuthContext {
  return context.method === 'keyboard-interactive';
}
