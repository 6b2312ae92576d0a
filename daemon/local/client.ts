// How the local user's programs talk to the daemon: requests with typed answers, a view, and a prompt.

import { createConnection, type Socket } from 'node:net';
import { parseRpc, type RpcMessage } from '../../protocol/control/rpc.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { LineDecoder } from '../../protocol/line-codec.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { CommandAnswer, CommandQuestion } from '../consent/command-question.ts';
import type { PromptAnswer, PromptQuestion } from '../consent/prompter.ts';
import type { Absence } from '../presence/presence.ts';
import type { StoredReceipt } from '../session/latest-receipts.ts';
import type { CodeView, MachineStatus, Said, SessionView, Watcher, WatchWish } from './controls.ts';
import { DaemonLost, DaemonNotRunning, DaemonRefused, LocalProtocolError } from './errors.ts';
import {
  DAEMON_NOTICES,
  type DaemonNotice,
  type DaemonNoticeParams,
  isDaemonNotice,
  LOCAL_REQUESTS,
  type LocalGiven,
  type LocalMethod,
  type LocalResult,
} from './messages.ts';

const LINE_MAX = 4 * 1024 * 1024; // bytes of one message from the daemon; a large shell's picture in colour

/** What a prompt program hears from the daemon. */
export interface PromptScreen {
  onShow(question: PromptQuestion): void;
  /** A proposed command; a program without this is not offered any. */
  onCommand?(question: CommandQuestion): void;
  onWithdraw(id: string): void;
  /** How the machine is from now on; first of all right after the program was offered. */
  onMachine?(status: MachineStatus, code: CodeView): void;
}

/** What a prompt program says to the daemon. */
export interface PromptVoice {
  /** Resolves when the daemon has heard it: an answer counts some time from then on. */
  displayed(id: string): Promise<void>;
  failed(id: string, problem: string): void;
  answer(id: string, answer: PromptAnswer): void;
  answerCommand(id: string, answer: CommandAnswer): void;
}

export interface ShownSessions {
  /** Whether this program's own window shows every session. @default true */
  readonly shows?: boolean;
}

export interface PromptOptions extends ShownSessions {
  /** Whether the person in front of it came over the network. @default false */
  readonly remote?: boolean;
}

interface Waiting {
  readonly method: LocalMethod;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ChaperoneError) => void;
}

/**
 * Connects to the daemon's socket.
 *
 * @throws DaemonNotRunning
 */
export function connectLocal(path: string): Promise<LocalClient> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const fail = (error: Error): void => {
      const code = 'code' in error ? error.code : '';
      reject(
        code === 'EACCES' || code === 'EPERM'
          ? new ChaperoneError("another user's daemon answers there", {
              exitCode: EXIT.unreachable,
              hint: 'run this as the user who started it',
              cause: error,
            })
          : new DaemonNotRunning(error),
      );
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(new LocalClient(socket));
    });
  });
}

export class LocalClient implements Disposable {
  readonly #socket: Socket;
  readonly #decoder = new LineDecoder(LINE_MAX);
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed = Promise.withResolvers<ChaperoneError>();
  readonly #hears: Readonly<Record<DaemonNotice, (params: unknown) => void>> = {
    'prompt.show': reading('prompt.show', (question) => this.#screen?.onShow(question)),
    'command.show': reading('command.show', (question) => this.#screen?.onCommand?.(question)),
    'prompt.withdraw': reading('prompt.withdraw', ({ id }) => this.#screen?.onWithdraw(id)),
    'machine.changed': reading('machine.changed', ({ status, code }) => this.#screen?.onMachine?.(status, code)),
    'watch.session': reading('watch.session', (session) => this.#watcher?.onSession(session)),
    'watch.frame': reading('watch.frame', ({ session, shell, frame }) => this.#watcher?.onFrame(session, shell, frame)),
    'watch.notice': reading('watch.notice', ({ session, line, kind }) => this.#watcher?.onNotice(session, line, kind)),
    'watch.receipt': reading('watch.receipt', ({ session, note }) => this.#watcher?.onReceipt(session, note)),
  };
  #watcher: Watcher | null = null;
  #screen: PromptScreen | null = null;
  #next = 1;
  #end: ChaperoneError | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => this.#close(new DaemonLost(error)));
    socket.on('close', () => this.#close(new DaemonLost()));
    socket.on('data', (chunk) => {
      try {
        for (const line of this.#decoder.push(Buffer.from(chunk))) this.#take(line);
      } catch (error) {
        this.#close(
          error instanceof ChaperoneError ? error : new LocalProtocolError('the daemon was not understood', error),
        );
      }
    });
  }

  /** Resolves with the reason when the connection is over. */
  get closed(): Promise<ChaperoneError> {
    return this.#closed.promise;
  }

  status(): Promise<MachineStatus> {
    return this.#request('status', {});
  }

  code(): Promise<CodeView> {
    return this.#request('code', {});
  }

  newCode(): Promise<CodeView> {
    return this.#request('code.new', {});
  }

  /** Of one session, or of all when null; here and below the sessions that it touched come back. */
  async pause(session: string | null): Promise<SessionView[]> {
    return (await this.#request('session.pause', { session })).sessions;
  }

  async resume(session: string | null): Promise<SessionView[]> {
    return (await this.#request('session.resume', { session })).sessions;
  }

  async end(session: string | null): Promise<SessionView[]> {
    return (await this.#request('session.end', { session })).sessions;
  }

  async withdraw(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]> {
    return (await this.#request('scopes.withdraw', { session, scopes: [...scopes] })).sessions;
  }

  async allow(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]> {
    return (await this.#request('scopes.allow', { session, scopes: [...scopes] })).sessions;
  }

  /** Keeps a description of the problem for the next technician; empty words take it back. */
  async askForHelp(text: string): Promise<void> {
    await this.#request('help.ask', { text });
  }

  /** Signed receipts of the sessions that ended last. */
  async receipts(): Promise<readonly StoredReceipt[]> {
    return (await this.#request('receipts', {})).receipts;
  }

  say(session: string | null, text: string): Promise<Said> {
    return this.#request('say', { session, text });
  }

  /** Neither asks nor shows anything here any more; resolves with how the machine is after that. */
  leave(): Promise<MachineStatus> {
    return this.#request('window.leave', {});
  }

  /** The present state comes first, then every change until the connection closes. */
  async watch(watcher: Watcher, options: Partial<WatchWish> = {}): Promise<void> {
    this.#watcher = watcher;
    await this.#request('watch.start', { ...options });
  }

  /** Says whether a window of this program shows the session. */
  indicate(session: string, up: boolean): void {
    this.#send({ jsonrpc: '2.0', method: up ? 'indicator.up' : 'indicator.down', params: { session } });
  }

  /** Says whether the person is there, as far as this program sees it. */
  seePresence(absence: Absence): void {
    this.#send({ jsonrpc: '2.0', method: 'presence.seen', params: { absence } });
  }

  /** Offers this program as a prompt named `name` until the connection closes. */
  async prompt(name: string, screen: PromptScreen, options: PromptOptions = {}): Promise<PromptVoice> {
    this.#screen = screen;
    await this.#request('prompt.attach', { name, ...options, commands: screen.onCommand !== undefined });
    return {
      displayed: async (id) => void (await this.#request('prompt.displayed', { id })),
      failed: (id, problem) => this.#send({ jsonrpc: '2.0', method: 'prompt.failed', params: { id, problem } }),
      answer: (id, answer) => this.#send({ jsonrpc: '2.0', method: 'prompt.answer', params: { id, answer } }),
      answerCommand: (id, answer) => this.#send({ jsonrpc: '2.0', method: 'command.answer', params: { id, answer } }),
    };
  }

  /** Sends what was said and closes. */
  [Symbol.dispose](): void {
    this.#socket.end();
    this.#socket.unref();
    this.#close(new DaemonLost());
  }

  async #request<M extends LocalMethod>(method: M, params: LocalGiven<M>): Promise<LocalResult<M>> {
    if (this.#end !== null) throw this.#end;
    const id = this.#next++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
    });
    this.#send({ jsonrpc: '2.0', id, method, params });
    const parsed = LOCAL_REQUESTS[method].result.safeParse(await answer);
    if (!parsed.success) throw new LocalProtocolError(`the daemon's answer to ${method} cannot be read`, parsed.error);
    // The schema is this method's own; TypeScript cannot follow the pair through the table.
    return parsed.data as LocalResult<M>;
  }

  #send(message: object): void {
    if (this.#end === null) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #take(line: string): void {
    const message = parseRpc(line);
    if (message === null) throw new LocalProtocolError('the daemon sent something that is no JSON-RPC 2.0 message');
    if ('method' in message) {
      // A newer daemon may say more than this program understands.
      if (!('id' in message) && isDaemonNotice(message.method)) this.#hears[message.method](message.params);
      return;
    }
    this.#settle(message);
  }

  #settle(message: Exclude<RpcMessage, { method: string }>): void {
    const waiting = typeof message.id === 'number' ? this.#waiting.get(message.id) : undefined;
    if (waiting === undefined || typeof message.id !== 'number') return;
    this.#waiting.delete(message.id);
    if ('result' in message) {
      waiting.resolve(message.result);
      return;
    }
    const hint = message.error.data?.hint;
    waiting.reject(
      new DaemonRefused(
        sanitiseLine(message.error.message, 500),
        hint === undefined ? {} : { hint: sanitiseLine(hint, 500) },
      ),
    );
  }

  #close(reason: ChaperoneError): void {
    if (this.#end !== null) return;
    this.#end = reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    this.#closed.resolve(reason);
    if (!this.#socket.writableEnded) this.#socket.destroy();
  }
}

/** Parses a notice before anyone acts on it. */
function reading<M extends DaemonNotice>(method: M, take: (params: DaemonNoticeParams<M>) => void) {
  return (params: unknown): void => {
    const parsed = DAEMON_NOTICES[method].safeParse(params);
    if (!parsed.success) return; // one that cannot be read must not take the whole view away
    // The schema is this method's own; TypeScript cannot follow the pair through the table.
    take(parsed.data as DaemonNoticeParams<M>);
  };
}
