// The technician's end of the control channel, as plain as it can be: lines out, lines in.

import type { ClientChannel } from 'ssh2';
import { z } from 'zod';
import { Transcript } from './transcript.ts';

const Line = z.object({
  id: z.union([z.number(), z.string()]).nullish(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).loose().optional(),
});
export type ControlLine = z.infer<typeof Line>;

export class ControlSide {
  readonly channel: ClientChannel;
  /** Every line as it came. */
  readonly received = new Transcript();
  readonly lines: ControlLine[] = [];
  readonly closed: Promise<void>;
  #rest = '';
  #next = 1;
  readonly #waiting = new Map<number | string, (line: ControlLine) => void>();

  constructor(channel: ClientChannel) {
    this.channel = channel;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    channel.on('error', () => undefined);
    channel.on('close', () => resolve());
    const decoder = new TextDecoder();
    channel.on('data', (chunk: Buffer) => this.#take(decoder.decode(chunk, { stream: true })));
  }

  /** Sends a request as it is, valid or not; resolves with the answer, an error too. */
  request(method: string, params?: unknown): Promise<ControlLine> {
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<ControlLine>();
    this.#waiting.set(id, resolve);
    this.send({ jsonrpc: '2.0', id, method, params });
    return promise;
  }

  send(message: unknown): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  write(text: string | Buffer): void {
    this.channel.write(text);
  }

  /** The notifications of one kind so far. */
  heard(method: string): unknown[] {
    return this.lines.filter((line) => line.method === method).map((line) => line.params);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const each of lines) {
      const line = Line.parse(JSON.parse(each));
      this.lines.push(line);
      if (line.method === undefined && line.id != null) {
        this.#waiting.get(line.id)?.(line);
        this.#waiting.delete(line.id);
      }
      this.received.append(`${each}\n`);
    }
  }
}
