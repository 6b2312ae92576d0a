// The technician's end of the control channel: requests with an answer in time, and what the machine says by itself.
// Everything is bounded; a machine that does not keep to the schemas is not listened to any longer.

import type { Duplex } from 'node:stream';
import { z } from 'zod';
import {
  NOTIFICATIONS,
  type NotificationMethod,
  type NotificationParams,
  REQUESTS,
  type RequestMethod,
  type RequestParams,
  type RequestResult,
} from '../../protocol/control/messages.ts';
import { RPC_ERRORS, type RpcError, RpcMessage } from '../../protocol/control/rpc.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { LineDecoder, MAX_LINE } from '../../protocol/line-codec.ts';
import { fitAtTheDoor, parseAtTheDoor } from './door.ts';
import { ProtocolBroken, SessionOver } from './errors.ts';

const ANSWER_WITHIN_MS = 15_000;
const PENDING_MAX = 64; // requests without an answer; screens have a handful
const UNKNOWN_MAX = 1000; // notifications of a newer machine are skipped, a flood of them is not
const CHUNK = 64 * 1024; // bytes given to the decoder at once, so that one turn of the loop stays short

/** What a machine says by itself: a method and its parameters, parsed and safe to print. */
export type Notice = {
  [M in NotificationMethod]: { readonly method: M; readonly params: NotificationParams<M> };
}[NotificationMethod];

export interface ControlEvents {
  readonly onNotice: (notice: Notice) => void;
  /** Called once. `broken` says why when the machine did not keep to the protocol. */
  readonly onClosed: (broken: ProtocolBroken | null) => void;
}

/** The machine answered a request with an error. */
export class RequestFailed extends ChaperoneError {
  /** One of RPC_ERRORS. */
  readonly code: number;

  constructor({ code, message, data }: RpcError) {
    super(message, {
      exitCode: code === RPC_ERRORS.notPermitted ? EXIT.denied : EXIT.failure,
      ...(data?.hint === undefined ? {} : { hint: data.hint }),
    });
    this.code = code;
  }
}

interface Pending {
  readonly settle: (result: unknown) => void;
  readonly reject: (error: ChaperoneError) => void;
  readonly limit: NodeJS.Timeout;
}

export class ControlChannel implements Disposable {
  readonly #channel: Duplex;
  readonly #events: ControlEvents;
  readonly #decoder = new LineDecoder();
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #unknown = 0;
  #closed = false;

  constructor(channel: Duplex, events: ControlEvents) {
    this.#channel = channel;
    this.#events = events;
    channel.on('data', (chunk: Buffer) => this.#read(chunk));
    channel.on('error', () => this.#close(null));
    channel.on('end', () => this.#close(null));
    channel.on('close', () => this.#close(null));
  }

  /**
   * Asks the machine. `onResult` runs before anything that the machine said after its answer is looked at.
   *
   * @throws RequestFailed | SessionOver | ProtocolBroken
   */
  request<M extends RequestMethod>(
    method: M,
    params: RequestParams<M>,
    onResult?: (result: RequestResult<M>) => void,
  ): Promise<RequestResult<M>> {
    if (this.#closed) {
      return Promise.reject(new SessionOver('the session is over'));
    }
    if (this.#pending.size >= PENDING_MAX) {
      return Promise.reject(new ChaperoneError('the machine does not keep up', { hint: 'wait a moment' }));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const line = `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
    if (Buffer.byteLength(line) > MAX_LINE) {
      return Promise.reject(new ChaperoneError('this is too long to be sent', { hint: 'shorten it' }));
    }
    // The row of a table of ours: its schema and its type belong together.
    const schema = REQUESTS[method].result as unknown as z.ZodType<RequestResult<M>>;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#pending.delete(id);
        reject(new SessionOver(`the machine does not answer (${method})`, 'the connection may be broken'));
      }, ANSWER_WITHIN_MS);
      const settle = (given: unknown): void => {
        try {
          const result = fitAtTheDoor(schema, given, `an answer to ${method}`);
          onResult?.(result);
          resolve(result);
        } catch (error) {
          reject(error);
        }
      };
      this.#pending.set(id, { settle, reject, limit });
      this.#channel.write(line);
    });
  }

  #read(chunk: Buffer): void {
    for (let start = 0; start < chunk.length && !this.#closed; start += CHUNK) {
      try {
        for (const line of this.#decoder.push(chunk.subarray(start, start + CHUNK))) {
          this.#take(line);
          if (this.#closed) {
            return;
          }
        }
      } catch (error) {
        this.#close(
          error instanceof ProtocolBroken ? error : new ProtocolBroken('the machine sent too long a line', error),
        );
      }
    }
  }

  #take(line: string): void {
    const message = parseAtTheDoor(RpcMessage, line, 'a message');
    if ('method' in message) {
      if ('id' in message) {
        throw new ProtocolBroken('the machine asked for something; only the technician asks');
      }
      this.#notify(message.method, message.params);
      return;
    }
    const pending = typeof message.id === 'number' ? this.#pending.get(message.id) : undefined;
    if (pending === undefined || typeof message.id !== 'number') {
      this.#countUnknown(); // late, after its time limit, or invented
      return;
    }
    this.#pending.delete(message.id);
    clearTimeout(pending.limit);
    if ('error' in message) {
      pending.reject(new RequestFailed(message.error));
    } else {
      pending.settle(message.result);
    }
  }

  #notify(method: string, params: unknown): void {
    if (!isKnown(method)) {
      this.#countUnknown();
      return;
    }
    this.#events.onNotice(fitAtTheDoor(Notice, { method, params }, `a notice (${method})`));
  }

  #countUnknown(): void {
    this.#unknown += 1;
    if (this.#unknown > UNKNOWN_MAX) {
      throw new ProtocolBroken('the machine keeps sending what this program does not know');
    }
  }

  #close(broken: ProtocolBroken | null): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    for (const { reject, limit } of this.#pending.values()) {
      clearTimeout(limit);
      reject(broken ?? new SessionOver('the session is over'));
    }
    this.#pending.clear();
    this.#channel.destroy();
    this.#events.onClosed(broken);
  }

  [Symbol.dispose](): void {
    this.#close(null);
  }
}

function isKnown(method: string): method is NotificationMethod {
  return Object.hasOwn(NOTIFICATIONS, method);
}

const Notice: z.ZodType<Notice> = z.discriminatedUnion('method', [
  z.object({ method: z.literal('session.state'), params: NOTIFICATIONS['session.state'] }),
  z.object({ method: z.literal('grant.changed'), params: NOTIFICATIONS['grant.changed'] }),
  z.object({ method: z.literal('diagnostics.output'), params: NOTIFICATIONS['diagnostics.output'] }),
  z.object({ method: z.literal('diagnostics.end'), params: NOTIFICATIONS['diagnostics.end'] }),
  z.object({ method: z.literal('scope.answered'), params: NOTIFICATIONS['scope.answered'] }),
  z.object({ method: z.literal('command.state'), params: NOTIFICATIONS['command.state'] }),
  z.object({ method: z.literal('command.output'), params: NOTIFICATIONS['command.output'] }),
  z.object({ method: z.literal('command.result'), params: NOTIFICATIONS['command.result'] }),
  z.object({ method: z.literal('chat.message'), params: NOTIFICATIONS['chat.message'] }),
  z.object({ method: z.literal('presence'), params: NOTIFICATIONS.presence }),
  z.object({ method: z.literal('audit.event'), params: NOTIFICATIONS['audit.event'] }),
  z.object({ method: z.literal('receipt'), params: NOTIFICATIONS.receipt }),
]);
