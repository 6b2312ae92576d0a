// The control channel of one technician: requests in, notifications out, every message parsed by schema.

import type { ServerChannel } from 'ssh2';
import { z } from 'zod';
import {
  NOTIFICATIONS,
  type NotificationMethod,
  type NotificationParams,
  REQUESTS,
  type RequestMethod,
} from '../../protocol/control/messages.ts';
import { parseRpc, RPC_ERRORS } from '../../protocol/control/rpc.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { LineDecoder } from '../../protocol/line-codec.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Guided } from '../guided/guided.ts';
import type { Machine } from '../machine.ts';
import { absenceWords } from '../presence/hold-sessions.ts';
import type { Session, SessionPart } from '../session/session.ts';
import { NOT_LISTENING } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import { PacedOutput } from '../ssh/paced-output.ts';
import { eventView } from './event-view.ts';
import { ControlMethods } from './methods.ts';
import { ControlRefusal } from './refusal.ts';

/** What a technician is told after the end: how it ended, and the receipt. Audit events carry no content of the shell. */
const AFTER_THE_END: ReadonlySet<NotificationMethod> = new Set(['session.state', 'audit.event', 'receipt']);
/** Notifications that carry content of the machine, and the permission without which none of it leaves any more. */
const CONTENT: readonly (readonly [NotificationMethod, Scope])[] = [
  ['diagnostics.output', 'diagnostics'],
  ['command.output', 'shell.suggest'],
];
const UNREAD_MAX = 4 * 1024 * 1024; // bytes that a program may leave unread before the session ends

export class ControlChannel implements SessionPart {
  readonly #channel: ServerChannel;
  readonly #paced: PacedOutput;
  readonly #session: Session;
  readonly #machine: Machine;
  readonly #methods: ControlMethods;
  readonly #subscriptions = new DisposableStack();
  readonly #closed = new AbortController();

  constructor(
    channel: ServerChannel,
    connection: TechnicianConnection,
    session: Session,
    machine: Machine,
    guided: Guided,
  ) {
    this.#channel = channel;
    this.#paced = new PacedOutput(channel, connection, () => undefined);
    this.#session = session;
    this.#machine = machine;
    this.#methods = new ControlMethods(session, machine, guided, (method, params) => this.notify(method, params));
    this.#subscriptions.use(session.attach(this));
    this.#subscriptions.use(session.onChange(() => this.#change()));
    this.#subscriptions.use(
      session.grantSigned.on(() =>
        this.notify('grant.changed', { grant: session.grant, grantNote: session.grantNote }),
      ),
    );
    session.chatReaders.add(this);
    this.#subscriptions.defer(() => session.chatReaders.delete(this));
    this.#subscriptions.use(session.chat.on((message) => this.notify('chat.message', message)));
    this.#subscriptions.use(machine.sessions.changed.on(() => this.#tellState()));
    this.#subscriptions.use(
      machine.presence.changed.on(() => {
        const why = absenceWords(machine.presence.absence);
        this.notify('presence', { here: why === null, words: why ?? '' });
      }),
    );
    this.#subscriptions.use(
      machine.log.onEvent((event) => {
        if (event.session === session.id) {
          this.notify('audit.event', eventView(event));
        }
      }),
    );
    const lines = new LineDecoder();
    channel.on('data', (chunk: Buffer) => {
      session.counters.bytesFromTechnician += chunk.length;
      try {
        this.#requests.push(...lines.push(chunk));
        void this.#serveInTurn();
      } catch {
        this.#close(); // a line without end: there is no way back into step
      }
    });
    channel.on('error', () => this.#close());
    channel.on('close', () => this.#close());
    this.#tellState();
    void machine.help.tell(session).catch(() => undefined); // a log that cannot be written ends the session by itself
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  #told = '';
  #cut = false;
  #serving = false;
  readonly #requests: string[] = [];

  #change(): void {
    this.#tellState();
    for (const [method, scope] of CONTENT) {
      if (!this.#session.grant.scopes.includes(scope)) {
        this.#paced.drop(method);
      }
    }
  }

  #tellState(): void {
    const { at: _, ...standing } = this.#methods.state();
    const key = JSON.stringify(standing);
    if (key !== this.#told) {
      this.#told = key;
      this.notify('session.state', this.#methods.state());
    }
  }

  notify<M extends NotificationMethod>(method: M, params: NotificationParams<M>): void {
    if (this.#cut && !AFTER_THE_END.has(method)) {
      return;
    }
    this.#send({ jsonrpc: '2.0', method, params: NOTIFICATIONS[method].parse(params) }, method);
  }

  sendReceipt(note: string): void {
    this.notify('receipt', { note });
    this.#channel.end();
  }

  freeze(): void {
    // State, chat and audit go on: they are how both people learn why it is paused. Diagnostics wait by themselves.
  }

  thaw(): void {}

  /** What waits is content of the session and is thrown away; state and receipt are all that follows. */
  cut(): void {
    this.#cut = true;
    this.#methods.cancelAll();
    if (this.#paced.discard() && this.#channel.writable) {
      this.#channel.write('\n'); // ends the line that was cut in two
    }
  }

  finish(): Promise<void> {
    return this.#methods.finished();
  }

  /** One request after the other, and no reading ahead: what a technician asks for is bounded by what is answered. */
  async #serveInTurn(): Promise<void> {
    if (this.#serving) {
      return;
    }
    this.#serving = true;
    this.#channel.pause();
    for (let line = this.#requests.shift(); line !== undefined; line = this.#requests.shift()) {
      if (this.#cut || this.#closed.signal.aborted) {
        this.#requests.length = 0;
        break;
      }
      await this.#serve(line);
    }
    this.#serving = false;
    this.#channel.resume();
  }

  async #serve(line: string): Promise<void> {
    const message = parseRpc(line);
    if (message === null || !('method' in message)) {
      this.#fail(null, RPC_ERRORS.invalidRequest, 'this is no JSON-RPC 2.0 request');
      return;
    }
    if (!('id' in message)) {
      return; // notifications from a technician have no meaning
    }
    const { id, method } = message;
    if (!isRequestMethod(method)) {
      this.#fail(id, RPC_ERRORS.methodNotFound, `there is no request ${sanitiseLine(method, 64)}`);
      return;
    }
    const params = REQUESTS[method].params.safeParse(message.params ?? {});
    if (!params.success) {
      this.#fail(id, RPC_ERRORS.invalidParams, z.prettifyError(params.error).slice(0, 400));
      return;
    }
    try {
      const result = await this.#methods.call(method, params.data);
      if (this.#cut && method !== 'session.end') {
        return; // it was answered too late
      }
      this.#send({ jsonrpc: '2.0', id, result: REQUESTS[method].result.parse(result) });
    } catch (error) {
      if (error instanceof ChaperoneError) {
        this.#fail(id, error instanceof ControlRefusal ? error.code : RPC_ERRORS.internal, error.message, error.hint);
      } else {
        this.#machine.logger.error({ session: this.#session.id, method, problem: error }, 'a request failed');
        this.#fail(id, RPC_ERRORS.internal, 'the machine could not do this');
      }
    }
  }

  #fail(id: string | number | null, code: number, message: string, hint?: string): void {
    const error = hint === undefined ? { code, message } : { code, message, data: { hint } };
    this.#send({ jsonrpc: '2.0', id, error });
  }

  #send(message: object, kind = ''): void {
    if (this.#closed.signal.aborted || !this.#channel.writable) {
      return;
    }
    const line = Buffer.from(`${JSON.stringify(message)}\n`);
    this.#session.counters.bytesToTechnician += line.length;
    if (this.#cut) {
      this.#channel.write(line);
      return;
    }
    this.#paced.write(line, kind);
    if (this.#paced.queued > UNREAD_MAX) {
      this.#session.end('machine', NOT_LISTENING);
      this.#close();
    }
  }

  #close(): void {
    if (!this.#closed.signal.aborted) {
      this.#closed.abort();
      this.#methods.cancelAll();
      this.#subscriptions.dispose();
      this.#paced.discard();
      this.#channel.close();
    }
  }
}

function isRequestMethod(method: string): method is RequestMethod {
  return Object.hasOwn(REQUESTS, method);
}
