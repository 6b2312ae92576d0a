// A shell on a pty at the other end, driven and timed from here. Times are of performance.now(), in milliseconds.
import type { Client, ClientChannel } from 'ssh2';

const WINDOW = { cols: 80, rows: 24, term: 'xterm-256color' } as const;
/** Printed by the far end only: in a command line it stands in two parts, which an echo does not join. */
const DONE = '\u0001done\u0001';
const PRINT_DONE = String.raw`printf '\001do%s\001' ne`;

export interface Transfer {
  readonly bytes: number;
  readonly durationMs: number;
}

export interface Flood {
  bytes: number;
  lastByteAt: number;
  readonly closed: Promise<void>;
}

export class MeasuredShell implements AsyncDisposable {
  readonly #channel: ClientChannel;
  readonly #closed: Promise<void>;

  private constructor(channel: ClientChannel) {
    this.#channel = channel;
    this.#closed = new Promise((resolve) => channel.once('close', resolve));
  }

  /** Asks for a pty and a shell. */
  static async open(client: Client): Promise<MeasuredShell> {
    const { promise, resolve, reject } = Promise.withResolvers<MeasuredShell>();
    client.shell(WINDOW, (problem, channel) => {
      if (problem === undefined) resolve(new MeasuredShell(channel));
      else reject(problem);
    });
    return promise;
  }

  /** Time of the next byte, which is the first one when this is called at once. @throws Error when the shell closes */
  async nextByteAt(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const onData = () => resolve(performance.now());
    const onClose = () => reject(new Error('the shell closed'));
    this.#channel.once('data', onData).once('close', onClose);
    try {
      return await promise;
    } finally {
      this.#channel.off('data', onData).off('close', onClose);
    }
  }

  /** Replaces the login shell by a plain `sh` without prompt and echo, so that only commands are measured. */
  async becomePlain(): Promise<void> {
    const sh = `stty -echo; ${PRINT_DONE}; exec sh`;
    await this.#until(`exec env -i "PATH=$PATH" PS1= PS2= sh -c ${quoted(sh)}\n`);
  }

  /** Runs a command line and takes all that it prints. */
  async run(command: string): Promise<Transfer> {
    const begin = performance.now();
    const bytes = await this.#until(`${command}; ${PRINT_DONE}\n`);
    return { bytes, durationMs: performance.now() - begin };
  }

  /** Starts a command that never stops printing; counts what comes, until the other side closes the channel. */
  flood(command: string): Flood {
    const flood: Flood = { bytes: 0, lastByteAt: 0, closed: this.#closed };
    this.#channel.on('data', (chunk: Buffer) => {
      flood.bytes += chunk.length;
      flood.lastByteAt = performance.now();
    });
    this.#channel.write(`${command}\n`);
    return flood;
  }

  /** Puts `cat` on a raw pty: from now on {@link keystroke} works, and nothing else. */
  async startCat(): Promise<void> {
    await this.#until(`stty raw -echo; ${PRINT_DONE}; exec cat\n`);
  }

  /** Types one character; resolves, when it is back, to the time that it took. */
  async keystroke(character: string): Promise<number> {
    const arrival = this.nextByteAt();
    const begin = performance.now();
    this.#channel.write(character);
    return (await arrival) - begin;
  }

  /** Bytes up to the mark that the far end prints when it has done what `input` says. */
  async #until(input: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    let bytes = 0;
    let tail = '';
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      tail = (tail + chunk.subarray(-DONE.length).toString('latin1')).slice(-DONE.length);
      if (tail === DONE) resolve(bytes - DONE.length);
    };
    const onClose = () => reject(new Error('the shell closed'));
    this.#channel.on('data', onData).on('close', onClose);
    this.#channel.write(input);
    try {
      return await promise;
    } finally {
      this.#channel.off('data', onData).off('close', onClose);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel.close();
    await this.#closed;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
