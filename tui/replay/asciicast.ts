// Reads recordings in asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/). A recording comes from a
// machine: it is checked line by line, bounded, and its bytes only ever reach an emulator.

import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { ChaperoneError } from '../../protocol/errors.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const LINE_MAX = 2 * 1024 * 1024; // characters: a recorder coalesces 64 KiB, of which JSON can make six times as much
const OUTPUT_MAX = 256 * 1024 * 1024; // characters kept in memory
const EVENTS_MAX = 2_000_000;
const PROGRESS_BYTES = 1024 * 1024; // a step that is worth telling
const SECONDS_MAX = 31 * 24 * 60 * 60; // no session is longer

const Cells = (max: number) => z.int().min(1).max(max);
const Header = z.object({
  version: z.literal(2),
  width: Cells(1000),
  height: Cells(500),
  timestamp: z.number().optional(),
});
const Line = z.tuple([z.number().min(0).max(SECONDS_MAX), z.string().max(8), z.union([z.string(), z.number()])]);
const Size = /^(\d{1,4})x(\d{1,4})$/;

/** `at` in milliseconds since the start. */
export type RecordedEvent =
  | { readonly at: number; readonly kind: 'output'; readonly data: string }
  | { readonly at: number; readonly kind: 'resize'; readonly cols: number; readonly rows: number }
  | { readonly at: number; readonly kind: 'marker'; readonly label: string };

export interface Recording {
  readonly cols: number;
  readonly rows: number;
  /** When it began, epoch milliseconds, or null when it does not say. */
  readonly startedAt: number | null;
  readonly events: readonly RecordedEvent[];
  /** Milliseconds. */
  readonly duration: number;
  /** Its last line is unfinished, as when a machine lost power: what came before is whole. */
  readonly torn: boolean;
}

/** The file is no asciicast v2, or more than can be replayed. */
export class BadRecordingError extends ChaperoneError {
  constructor(problem: string, line: number) {
    super(`the recording cannot be replayed: ${problem} in line ${line}`, {
      hint: 'a recording that was changed is named by: chaperone audit verify',
    });
  }
}

export interface ReadingOptions {
  /** Bytes read so far, after each further {@link PROGRESS_BYTES}. */
  readonly onProgress?: (bytes: number) => void;
  /** Aborting stops reading; the promise then rejects. */
  readonly signal?: AbortSignal;
}

/**
 * Reads it whole, chunk by chunk, so that keys are heard meanwhile.
 *
 * @throws BadRecordingError at the first line that is wrong, except for an unfinished last one
 */
export async function readRecording(
  chunks: AsyncIterable<Uint8Array>,
  { onProgress, signal }: ReadingOptions = {},
): Promise<Recording> {
  const reader = new RecordingReader();
  let bytes = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    reader.push(chunk);
    const told = Math.floor(bytes / PROGRESS_BYTES);
    bytes += chunk.length;
    if (Math.floor(bytes / PROGRESS_BYTES) > told) onProgress?.(bytes);
  }
  return reader.end();
}

/** The events as they are read; none is kept. @throws BadRecordingError as `readRecording` */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RecordedEvent, void, undefined> {
  const reader = new RecordingReader();
  for await (const chunk of chunks) {
    reader.push(chunk);
    yield* reader.drain();
  }
  yield* reader.end().events;
}

/** The same, piece by piece. */
export class RecordingReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #line = 0;
  #header: z.infer<typeof Header> | null = null;
  #events: RecordedEvent[] = [];
  #output = 0;
  #last = 0;
  /** A line that is wrong; only the last one may be. */
  #wrong: BadRecordingError | null = null;

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
  }

  /** The events read since the last call; they are not in the recording of `end` any more. */
  drain(): readonly RecordedEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#output = 0;
    return events;
  }

  end(): Recording {
    this.#take(this.#decoder.end());
    const torn = this.#rest !== '' || this.#wrong !== null;
    const header = this.#header;
    if (header === null) throw this.#wrong ?? new BadRecordingError('there is no header', 1);
    const { width, height, timestamp } = header;
    return {
      cols: width,
      rows: height,
      startedAt: timestamp === undefined ? null : timestamp * 1000,
      events: this.#events,
      duration: this.#last,
      torn,
    };
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
    if (this.#rest.length > LINE_MAX) throw new BadRecordingError('there is too much', this.#line + 1);
  }

  #readLine(line: string): void {
    this.#line += 1;
    if (this.#wrong !== null) throw this.#wrong;
    if (line.trim() === '') return;
    if (line.length > LINE_MAX) throw new BadRecordingError('there is too much', this.#line);
    const value = parsed(line);
    if (this.#header === null) {
      const header = Header.safeParse(value);
      if (!header.success) throw new BadRecordingError('there is no header of version 2', this.#line);
      this.#header = header.data;
      return;
    }
    const event = Line.safeParse(value);
    if (event.success) this.#readEvent(...event.data);
    else this.#wrong = new BadRecordingError('there is no event', this.#line);
  }

  #readEvent(seconds: number, kind: string, data: string | number): void {
    const at = Math.round(seconds * 1000);
    if (at < this.#last) throw new BadRecordingError('time goes backwards', this.#line);
    this.#last = at;
    if (this.#events.length >= EVENTS_MAX) throw new BadRecordingError('there are too many events', this.#line);
    const text = String(data);
    if (kind === 'o') {
      this.#output += text.length;
      if (this.#output > OUTPUT_MAX) throw new BadRecordingError('there is too much output', this.#line);
      this.#events.push({ at, kind: 'output', data: text });
    } else if (kind === 'r') {
      const size = Size.exec(text);
      if (size === null) throw new BadRecordingError('there is no size', this.#line);
      this.#events.push({ at, kind: 'resize', cols: Number(size[1]), rows: Number(size[2]) });
    } else if (kind === 'm') {
      this.#events.push({ at, kind: 'marker', label: sanitiseLine(text) });
    }
    // Input, exit and kinds of later versions change nothing on the screen.
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
