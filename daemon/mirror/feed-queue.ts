// Output that the emulator has not drawn yet. It may be a flood: then only its end is drawn, in the modes that the rest
// of it would have set.

import { endOfSequence } from '../../protocol/terminal/escape-sequence.ts';
import { ModeRecord } from './mode-record.ts';
import { modesAfter, readPrivateModes } from './skipped-modes.ts';

const FEED_BYTES = 64 * 1024; // drawn at a time: a few milliseconds of the emulator
const SKIP_ABOVE = 256 * 1024; // more than this waiting is a flood
const HELD_BYTES = 512 * 1024; // of a flood; what is older is gone but for its private modes
const TAIL_BYTES = 32 * 1024; // of a flood that is drawn: many screens of text
const BYTES_PER_CELL = 4; // or more of it for a large screen: a character and some colour
const LOOK_BACK = 64; // bytes; longer escape sequences are strings without effect on a mirror

const LINE_BYTES = 4 * 1024; // how far to look for the beginning of a line to start with

const ESC = 0x1b;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = '\r'; // a line is drawn from its beginning

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** What the emulator is to do next. */
export type Feed = Buffer | Size;

export class FeedQueue {
  #items: Feed[] = [];
  #bytes = 0;
  /** The newest. */
  #size: Size;
  /** Whether the alternate screen is shown after all that was taken. */
  #alternate = false;
  /** Modes after what was dropped, which came between that and the first item. */
  #dropped: ModeRecord | undefined;

  constructor(size: Size) {
    this.#size = size;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether more waits than can be drawn whole. */
  get isFlooded(): boolean {
    return this.#bytes > SKIP_ABOVE;
  }

  output(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += FEED_BYTES) this.#items.push(chunk.subarray(at, at + FEED_BYTES));
    this.#bytes += chunk.length;
    if (this.#bytes > HELD_BYTES) this.#dropOldest();
  }

  resize(size: Size): void {
    this.#items.push(size);
    this.#size = size;
  }

  /** Takes what to draw now, in order: about 64 KiB. Empty when nothing waits but the beginning of an escape sequence. */
  take(): Feed[] {
    if (this.isFlooded || this.#dropped !== undefined) this.#collapse();
    const feeds: Feed[] = [];
    for (let room = FEED_BYTES; room > 0; ) {
      const [first] = this.#items;
      if (first === undefined) break;
      if (!Buffer.isBuffer(first)) {
        feeds.push(first);
        this.#items.shift();
        continue;
      }
      const bytes = this.#takeBytes(room);
      if (bytes.length === 0) break;
      room -= bytes.length;
      feeds.push(bytes);
      const modes = new ModeRecord(this.#alternate);
      readPrivateModes(bytes, modes);
      this.#alternate = modes.alternate;
    }
    return feeds;
  }

  /** Sequences are not cut, so that what is skipped later begins with a whole one. */
  #takeBytes(room: number): Buffer {
    const isSize = (item: Feed) => !Buffer.isBuffer(item);
    const count = this.#items.findIndex(isSize);
    const all = Buffer.concat(this.#items.splice(0, count < 0 ? this.#items.length : count).filter(Buffer.isBuffer));
    let end = Math.min(room, all.length);
    if (end < all.length || this.#items.length === 0) end -= unfinishedSequence(all.subarray(0, end));
    if (end < all.length) this.#items.unshift(all.subarray(end));
    this.#bytes -= end;
    return all.subarray(0, end);
  }

  /** Drops the older half of a flood, at once: there may be very many small pieces. */
  #dropOldest(): void {
    const modes = this.#dropped ?? new ModeRecord(this.#alternate);
    let count = 0;
    let unfinished = Buffer.alloc(0);
    for (; this.#bytes > HELD_BYTES / 2; count++) {
      const item = this.#items[count];
      if (!Buffer.isBuffer(item)) continue; // `#size` has the newest
      const bytes = unfinished.length === 0 ? item : Buffer.concat([unfinished, item]);
      const end = bytes.length - unfinishedSequence(bytes);
      readPrivateModes(bytes.subarray(0, end), modes);
      unfinished = Buffer.from(bytes.subarray(end));
      this.#bytes -= item.length;
    }
    this.#items.splice(0, count, unfinished);
    this.#bytes += unfinished.length;
    this.#dropped = modes;
  }

  /** Leaves the newest size, the modes, and the end of a flood. */
  #collapse(): void {
    const all = Buffer.concat(this.#items.filter(Buffer.isBuffer));
    const { cols, rows } = this.#size;
    const tail = Math.min(Math.max(TAIL_BYTES, cols * rows * BYTES_PER_CELL), FEED_BYTES * 2);
    const start = startOfDrawing(all, Math.max(0, all.length - tail));
    const modes = modesAfter(all.subarray(0, start), this.#dropped ?? new ModeRecord(this.#alternate));
    this.#dropped = undefined;
    const kept = Buffer.concat([Buffer.from(modes + CARRIAGE_RETURN, 'latin1'), all.subarray(start)]);
    this.#items = [this.#size, kept];
    this.#bytes = kept.length;
  }
}

/** Where a line begins, or else a sequence, at or after `from`. */
function startOfDrawing(bytes: Buffer, from: number): number {
  const newline = bytes.indexOf(NEWLINE, from);
  if (newline >= 0 && newline - from < LINE_BYTES) return newline + 1;
  const sequence = bytes.indexOf(ESC, from);
  if (sequence >= 0) return sequence;
  let start = from;
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1; // the rest of a character
  return start;
}

/** How many bytes at the end begin an escape sequence that is not complete. */
function unfinishedSequence(bytes: Buffer): number {
  const end = bytes.toString('latin1', Math.max(0, bytes.length - LOOK_BACK));
  const start = end.lastIndexOf('\x1b');
  // It is unfinished if one more byte, which ends most sequences, would belong to it.
  return start >= 0 && endOfSequence(`${end.slice(start)}m`, 0) > end.length - start ? end.length - start : 0;
}
