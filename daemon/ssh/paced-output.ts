// Output to a technician that never runs ahead of what their program has room for. ssh2 would queue what does not
// fit into the SSH window and send it later, after the end too; what waits here is thrown away in one step.

import type { ServerChannel } from 'ssh2';
import type { TechnicianConnection } from './connection.ts';

const RESERVE = 4 * 1024; // bytes of the SSH window that stay free for the sentence that says why a session ended
/** A kind of chunk that goes to the channel's standard error. */
export const STDERR = 'stderr';
const SOCKET_HIGH = 512 * 1024; // bytes that wait for the network inside this process

const NOTHING: Waiting = { bytes: Buffer.alloc(0), kind: '' };

interface Waiting {
  readonly bytes: Buffer;
  readonly kind: string;
}

export class PacedOutput {
  readonly #channel: ServerChannel;
  readonly #connection: TechnicianConnection;
  readonly #onSpace: () => void;
  readonly #subscription: Disposable;
  #queue: Waiting[] = [];
  #queued = 0;
  #over = false;
  #held = false;
  #torn = false;

  /** `onSpace` is called whenever some of the queue was sent. */
  constructor(channel: ServerChannel, connection: TechnicianConnection, onSpace: () => void) {
    this.#channel = channel;
    this.#connection = connection;
    this.#onSpace = onSpace;
    this.#subscription = connection.roomGrew.on(() => this.#pump());
  }

  /** Bytes that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** `kind` is what {@link drop} knows it by. */
  write(chunk: Buffer, kind = ''): void {
    if (this.#over) {
      return;
    }
    this.#queue.push({ bytes: chunk, kind });
    this.#queued += chunk.length;
    this.#pump();
  }

  /** Holds back what waits and what comes, or lets it go. */
  hold(held: boolean): void {
    this.#held = held;
    this.#pump();
  }

  /** Throws away what waits of one kind; a chunk that was sent in part is sent to its end. */
  drop(kind: string): void {
    const torn = this.#torn ? this.#queue[0] : undefined;
    this.#queue = this.#queue.filter((waiting) => waiting === torn || waiting.kind !== kind);
    this.#queued = this.#queue.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /**
   * Throws away what waits; nothing is sent from now on. True when a chunk was sent in part.
   */
  discard(): boolean {
    const torn = this.#torn;
    this.#over = true;
    this.#queue = [];
    this.#queued = 0;
    this.#subscription[Symbol.dispose]();
    return torn;
  }

  #pump(): void {
    const before = this.#queued;
    const { socket } = this.#connection;
    socket.cork(); // packets of one turn leave in one write
    try {
      while (!this.#held && this.#queue.length > 0 && socket.writableLength < SOCKET_HIGH && this.#sendOne());
    } finally {
      socket.uncork();
    }
    if (this.#queued < before) {
      this.#onSpace();
    }
  }

  /** Sends what there is room for of the first chunk; false without room. */
  #sendOne(): boolean {
    const [{ bytes: chunk, kind } = NOTHING] = this.#queue;
    const room = this.#room();
    if (room <= 0) {
      return false;
    }
    const part = chunk.length <= room ? chunk : chunk.subarray(0, room);
    this.#torn = part.length < chunk.length;
    if (!this.#torn) {
      this.#queue.shift();
    } else {
      this.#queue[0] = { bytes: chunk.subarray(part.length), kind };
    }
    this.#queued -= part.length;
    (kind === STDERR ? this.#channel.stderr : this.#channel).write(part);
    return true;
  }

  /** What the technician's program can take now, less the reserve. */
  #room(): number {
    const outgoing: unknown = Reflect.get(this.#channel, 'outgoing');
    const window: unknown = typeof outgoing === 'object' && outgoing !== null ? Reflect.get(outgoing, 'window') : 0;
    return typeof window === 'number' ? window - RESERVE : 0;
  }
}
