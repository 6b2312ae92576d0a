// One program of the local user on the daemon's socket: its requests, its prompt, its view. Misbehaviour ends it.

import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { parseRpc, RPC_ERRORS, type RpcError } from '../../protocol/control/rpc.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { LineDecoder } from '../../protocol/line-codec.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { PromptPlace } from '../consent/desk.ts';
import type { ToldPresence } from '../presence/presence.ts';
import type { LocalControls } from './controls.ts';
import {
  type DaemonNotice,
  type DaemonNoticeParams,
  isLocalMethod,
  isProgramNotice,
  LOCAL_REQUESTS,
  type LocalMethod,
  type LocalParams,
  type LocalResult,
  PROGRAM_NOTICES,
  type ProgramNotice,
} from './messages.ts';
import { type PromptWire, ReviewingPrompter, SocketPrompter } from './socket-prompter.ts';
import { WatchOutbox } from './watch-outbox.ts';

const UNREAD_MAX = 4 * 1024 * 1024; // bytes that a program may leave unread before it is dropped: one large picture
const FINISH_MS = 2000; // for a last answer when the daemon stops
const INDICATORS_MAX = 64; // sessions that one program shows; ended ones are forgotten when it says so
const RUNNING_MAX = 16; // requests of one program at the same time

type Handlers = { readonly [M in LocalMethod]: (params: LocalParams<M>) => LocalResult<M> | Promise<LocalResult<M>> };

export class LocalConnection implements Disposable {
  readonly #socket: Socket;
  readonly #handlers: Handlers;
  readonly #onTrouble: (words: string, problem?: unknown) => void;
  readonly #decoder = new LineDecoder();
  readonly #attached = new DisposableStack();
  #prompter: SocketPrompter | null = null;
  readonly #indicators = new Map<string, Disposable>();
  readonly #indicate: LocalControls['indicate'];
  readonly #hearPresence: LocalControls['hearPresence'];
  #presence: ToldPresence | null = null;
  #watching = false;
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  /**
   * `onTrouble` hears why a program was thrown out and what went wrong inside the daemon; `place` is where the person
   * is who reaches this socket.
   */
  constructor(
    socket: Socket,
    controls: LocalControls,
    onTrouble: (words: string, problem?: unknown) => void,
    place: PromptPlace = 'here',
  ) {
    this.#socket = socket;
    this.#handlers = this.#handlersFor(controls, place);
    this.#hearPresence = () => controls.hearPresence();
    this.#indicate = (session) => controls.indicate(session);
    this.#attached.defer(() => {
      for (const indicator of this.#indicators.values()) indicator[Symbol.dispose]();
    });
    this.#onTrouble = onTrouble;
    socket.on('error', () => this[Symbol.dispose]());
    socket.on('close', () => this[Symbol.dispose]());
    socket.on('data', (chunk) => {
      try {
        for (const line of this.#decoder.push(Buffer.from(chunk))) this.#take(line);
      } catch (error) {
        const why = error instanceof ChaperoneError ? error.message : 'its messages could not be handled';
        onTrouble(`a local program was turned out: ${why}`, error);
        this[Symbol.dispose]();
      }
    });
  }

  /** Answers what is asked, sends what waits, and closes; a program that does not read is not waited for long. */
  async finish(): Promise<void> {
    const patience = new AbortController();
    await Promise.race([Promise.all(this.#running), sleep(FINISH_MS, null, { signal: patience.signal, ref: false })]);
    patience.abort();
    if (this.#closed) return;
    this.#attached.dispose();
    this.#closed = true;
    setTimeout(() => this.#socket.destroy(), FINISH_MS).unref();
    this.#socket.destroySoon();
  }

  /** Closes at once. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#attached.dispose();
    this.#socket.destroy();
  }

  #handlersFor(controls: LocalControls, place: PromptPlace): Handlers {
    return {
      status: () => controls.status(),
      code: () => controls.code(),
      'code.new': () => controls.newCode(),
      'session.pause': async ({ session }) => ({ sessions: await controls.pause(session) }),
      'session.resume': async ({ session }) => ({ sessions: await controls.resume(session) }),
      'session.end': async ({ session }) => ({ sessions: await controls.end(session) }),
      'scopes.withdraw': async ({ session, scopes }) => ({ sessions: await controls.withdraw(session, scopes) }),
      'scopes.allow': async ({ session, scopes }) => ({ sessions: await controls.allow(session, scopes) }),
      'help.ask': async ({ text }) => {
        await controls.askForHelp(text);
        return {};
      },
      receipts: async () => ({ receipts: await controls.receipts() }),
      say: ({ session, text }) => controls.say(session, text),
      'watch.start': (wish) => {
        this.#refuseWhenLeft();
        if (this.#watching) throw new ChaperoneError('this program watches already');
        this.#watching = true;
        const outbox = new WatchOutbox(this.#socket, (method, params) => this.#notify(method, params));
        this.#attached.use(outbox);
        this.#attached.use(controls.watch(outbox, wish));
        return {};
      },
      'prompt.displayed': ({ id }) => {
        this.#prompter?.displayed(id);
        return {};
      },
      'prompt.attach': ({ name, shows, commands = false, remote = false }) => {
        this.#refuseWhenLeft();
        if (this.#prompter !== null) throw new ChaperoneError('this program is a prompt already');
        const wire: PromptWire = {
          show: (question) => this.#notify('prompt.show', question),
          showCommand: (question) => this.#notify('command.show', question),
          withdraw: (id) => this.#notify('prompt.withdraw', { id }),
        };
        const prompter = commands
          ? new ReviewingPrompter(sanitiseLine(name, 100), wire)
          : new SocketPrompter(sanitiseLine(name, 100), wire);
        this.#prompter = prompter;
        // Removed from the desk first, so that a question which is lost here is not put here again.
        this.#attached.defer(() => prompter.lose());
        this.#attached.use(controls.addPrompter(prompter, shows, remote ? 'remote' : place));
        this.#tellChanges(controls);
        return {};
      },
      'window.leave': () => {
        this.#attached.dispose();
        return controls.status();
      },
    };
  }

  #refuseWhenLeft(): void {
    if (this.#attached.disposed) throw new ChaperoneError('this window was closed already');
  }

  /** Of changes that happen together, the last state is told once. */
  #tellChanges(controls: LocalControls): void {
    let soon: NodeJS.Immediate | undefined;
    const tell = () => {
      soon = undefined;
      this.#notify('machine.changed', { status: controls.status(), code: controls.code() });
    };
    const later = () => {
      soon ??= setImmediate(tell);
    };
    this.#attached.use(controls.onChange(later));
    this.#attached.defer(() => clearImmediate(soon));
    later();
  }

  #take(line: string): void {
    if (this.#closed) return;
    const message = parseRpc(line);
    if (message === null) throw new ChaperoneError('it sent something that is no JSON-RPC 2.0 message');
    if (!('method' in message)) throw new ChaperoneError('it answered a question that it was not asked');
    if (!('id' in message)) {
      if (!this.#attached.disposed) this.#heed(message.method, message.params);
      return;
    }
    if (!isLocalMethod(message.method)) {
      this.#fail(message.id, { code: RPC_ERRORS.methodNotFound, message: 'the daemon does not know this request' });
      return;
    }
    if (this.#running.size >= RUNNING_MAX) throw new ChaperoneError('it asked for too much at once');
    const answered = this.#answer(message.id, message.method, message.params ?? {});
    this.#running.add(answered);
    void answered.finally(() => this.#running.delete(answered));
  }

  async #answer<M extends LocalMethod>(id: number | string, method: M, given: unknown): Promise<void> {
    const { params: schema, result: resultSchema } = LOCAL_REQUESTS[method];
    const params = schema.safeParse(given);
    if (!params.success) {
      this.#fail(id, { code: RPC_ERRORS.invalidParams, message: `the daemon cannot read this request: ${method}` });
      return;
    }
    try {
      // The table pairs each method with its own schema; TypeScript cannot follow one through a union.
      const handler = this.#handlers[method] as (params: z.infer<typeof schema>) => unknown;
      const result = resultSchema.parse(await handler(params.data));
      this.#send({ jsonrpc: '2.0', id, result });
    } catch (error) {
      if (!(error instanceof ChaperoneError)) this.#onTrouble(`the local request ${method} failed`, error);
      this.#fail(id, describe(error));
    }
  }

  #heed(method: string, given: unknown): void {
    if (!isProgramNotice(method)) throw new ChaperoneError('it sent a notice that the daemon does not know');
    if (method === 'prompt.failed') {
      const { id, problem } = noticeOf(method, given);
      this.#prompter?.failed(id, sanitiseLine(problem));
    } else if (method === 'command.answer') {
      const { id, answer } = noticeOf(method, given);
      this.#prompter?.reviewed(id, answer);
    } else if (method === 'prompt.answer') {
      const { id, answer } = noticeOf(method, given);
      this.#prompter?.answered(id, answer);
    } else if (method === 'presence.seen') {
      this.#presence ??= this.#attached.use(this.#hearPresence());
      this.#presence.say(noticeOf(method, given).absence);
    } else this.#indicated(method, noticeOf(method, given).session);
  }

  #indicated(how: 'indicator.up' | 'indicator.down', session: string): void {
    if (this.#attached.disposed) return;
    const known = this.#indicators.get(session);
    if (how === 'indicator.down') {
      this.#indicators.delete(session);
      known?.[Symbol.dispose]();
    } else if (known === undefined) {
      if (this.#indicators.size >= INDICATORS_MAX) throw new ChaperoneError('it shows more sessions than there can be');
      this.#indicators.set(session, this.#indicate(session));
    }
  }

  #notify<M extends DaemonNotice>(method: M, params: DaemonNoticeParams<M>): void {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  #fail(id: number | string, error: RpcError): void {
    this.#send({ jsonrpc: '2.0', id, error });
  }

  #send(message: object): void {
    if (this.#closed || this.#socket.destroyed) return;
    this.#socket.write(`${JSON.stringify(message)}\n`);
    if (this.#socket.writableLength > UNREAD_MAX) this[Symbol.dispose]();
  }
}

function noticeOf<M extends ProgramNotice>(method: M, given: unknown): z.infer<(typeof PROGRAM_NOTICES)[M]> {
  const parsed = PROGRAM_NOTICES[method].safeParse(given);
  if (!parsed.success) throw new ChaperoneError(`its notice ${method} cannot be read`, { cause: parsed.error });
  return parsed.data as z.infer<(typeof PROGRAM_NOTICES)[M]>;
}

function describe(error: unknown): RpcError {
  if (!(error instanceof ChaperoneError)) {
    return { code: RPC_ERRORS.internal, message: 'the daemon could not do this; its log says more' };
  }
  const message = sanitiseLine(error.message, 500);
  if (error.hint === undefined) return { code: RPC_ERRORS.notPermitted, message };
  return { code: RPC_ERRORS.notPermitted, message, data: { hint: sanitiseLine(error.hint, 500) } };
}
