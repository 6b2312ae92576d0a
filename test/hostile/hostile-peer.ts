// A technician's program that has no manners: any SSH packet, in any order, on a connection that ssh2 has set up. ssh2's
// own client is too polite, so this reaches for its private packet writer and stands in front of its handlers.

import type { Client } from 'ssh2';
import { Transcript } from '../harness/transcript.ts';

/** RFC 4253 §12, RFC 4252 §6, RFC 4256 §5, RFC 4254 §9. */
export const MESSAGE = {
  disconnect: 1,
  ignore: 2,
  authRequest: 50,
  infoResponse: 61,
  globalRequest: 80,
  channelOpen: 90,
  channelOpenConfirmation: 91,
  windowAdjust: 93,
  channelData: 94,
  channelExtendedData: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
} as const;

const HEARD = [
  'DISCONNECT',
  'USERAUTH_FAILURE',
  'USERAUTH_SUCCESS',
  'REQUEST_SUCCESS',
  'REQUEST_FAILURE',
  'CHANNEL_OPEN_CONFIRMATION',
  'CHANNEL_OPEN_FAILURE',
  'CHANNEL_WINDOW_ADJUST',
  'CHANNEL_DATA', // kept apart: see `output`
  'CHANNEL_EXTENDED_DATA',
  'CHANNEL_EOF',
  'CHANNEL_CLOSE',
  'CHANNEL_REQUEST',
  'CHANNEL_SUCCESS',
  'CHANNEL_FAILURE',
] as const;
export type HeardName = (typeof HEARD)[number];

const PATIENCE_MS = 60_000;
const FIRST_OWN_CHANNEL = 1000; // numbers that ssh2's client does not give to its own channels
const WINDOW = 2 * 1024 * 1024;
const PACKET = 32 * 1024;

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
export const flag = (value: boolean): Buffer => Buffer.from([value ? 1 : 0]);
export const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([u32(bytes.length), bytes]);
};

export interface Heard {
  readonly name: HeardName;
  readonly args: readonly unknown[];
}

export class HostilePeer {
  /** What the machine answered, in order; ssh2 hears it too. */
  readonly heard: Heard[] = [];
  /** Output by this side's number of the channel. */
  readonly #output = new Map<number, Transcript>();
  readonly #protocol: object;
  readonly #waiting = new Set<() => void>();
  #next = FIRST_OWN_CHANNEL;

  /** `client` must have been told to connect. */
  constructor(client: Client) {
    const protocol: unknown = Reflect.get(client, '_protocol');
    if (typeof protocol !== 'object' || protocol === null) throw new Error('ssh2 has no protocol object');
    this.#protocol = protocol;
    const handlers: object = Reflect.get(protocol, '_handlers');
    for (const name of HEARD) {
      const original: unknown = Reflect.get(handlers, name);
      Reflect.set(handlers, name, (...args: unknown[]) => {
        this.#hear({ name, args: args.slice(1) });
        for (const look of [...this.#waiting]) look();
        if (typeof original === 'function') Reflect.apply(original, undefined, args);
      });
    }
  }

  /** Sends one packet, whatever it is. */
  send(type: number, ...fields: readonly Buffer[]): void {
    const payload = Buffer.concat([Buffer.from([type]), ...fields]);
    const writer = Reflect.get(Reflect.get(this.#protocol, '_packetRW'), 'write');
    const packet: Buffer = writer.alloc(payload.length);
    packet.set(payload, writer.allocStart);
    Reflect.get(this.#protocol, '_cipher').encrypt(writer.finalize(packet));
  }

  /** The first thing heard from position `from` on that satisfies `wanted`, as soon as it is heard. */
  until(wanted: (heard: Heard) => boolean, from = 0): Promise<Heard> {
    const { promise, resolve, reject } = Promise.withResolvers<Heard>();
    const failure = new Error(); // made here, so that its stack names the test
    const timer = setTimeout(() => {
      failure.message = `waited in vain; heard: ${this.heard.slice(-30).map(({ name }) => name)}`;
      reject(failure);
    }, PATIENCE_MS);
    const look = (): void => {
      const found = this.heard.slice(from).find(wanted);
      if (found !== undefined) resolve(found);
    };
    this.#waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }

  /** Opens a channel; the machine's number of it, or null when it was refused. */
  async openChannel(
    type = 'session',
    { data = Buffer.alloc(0), window = WINDOW, packet = PACKET }: ChannelWish = {},
  ): Promise<OpenChannel | null> {
    const own = this.askForChannel(type, { data, window, packet });
    const answer = await this.until(
      ({ name, args }) =>
        (name === 'CHANNEL_OPEN_CONFIRMATION' && Reflect.get(Object(args[0]), 'recipient') === own) ||
        (name === 'CHANNEL_OPEN_FAILURE' && args[0] === own),
    );
    if (answer.name === 'CHANNEL_OPEN_FAILURE') return null;
    return { own, remote: Number(Reflect.get(Object(answer.args[0]), 'sender')) };
  }

  /** Asks without waiting; this side's number of the channel. */
  askForChannel(type: string, { data = Buffer.alloc(0), window = WINDOW, packet = PACKET }: ChannelWish = {}): number {
    const own = this.#next++;
    this.send(MESSAGE.channelOpen, text(type), u32(own), u32(window), u32(packet), data);
    return own;
  }

  /** Whether the machine granted it. */
  async channelRequest(channel: OpenChannel, name: string, ...data: readonly Buffer[]): Promise<boolean> {
    const from = this.heard.length;
    this.send(MESSAGE.channelRequest, u32(channel.remote), text(name), flag(true), ...data);
    const answer = await this.until(
      (heard) =>
        (heard.name === 'CHANNEL_SUCCESS' || heard.name === 'CHANNEL_FAILURE') && heard.args[0] === channel.own,
      from,
    );
    return answer.name === 'CHANNEL_SUCCESS';
  }

  async globalRequest(name: string, ...data: readonly Buffer[]): Promise<boolean> {
    const from = this.heard.length;
    this.send(MESSAGE.globalRequest, text(name), flag(true), ...data);
    const answer = await this.until((heard) => heard.name.startsWith('REQUEST_'), from);
    return answer.name === 'REQUEST_SUCCESS';
  }

  data(channel: OpenChannel, bytes: Buffer | string): void {
    this.send(MESSAGE.channelData, u32(channel.remote), text(bytes));
  }

  /** What came on a channel. */
  output({ own }: OpenChannel): Transcript {
    const known = this.#output.get(own) ?? new Transcript();
    this.#output.set(own, known);
    return known;
  }

  #hear(heard: Heard): void {
    if (heard.name === 'CHANNEL_DATA') {
      const [own, data] = heard.args;
      this.output({ own: Number(own), remote: 0 }).append(String(data));
    } else {
      this.heard.push(heard);
    }
  }
}

export interface ChannelWish {
  readonly data?: Buffer;
  readonly window?: number;
  readonly packet?: number;
}

export interface OpenChannel {
  /** Number on this side. */
  readonly own: number;
  /** Number on the machine's side. */
  readonly remote: number;
}

/** RFC 4254 §6.2. */
export function ptyRequest(cols: number, rows: number, term = 'xterm'): Buffer {
  return Buffer.concat([text(term), u32(cols), u32(rows), u32(0), u32(0), text(Buffer.from([0]))]);
}
