// For tests: a file in memory that runs full, writes short, or breaks, when told to.

import type { RecordingFile } from './recording-file.ts';

export class MemoryFile implements RecordingFile {
  data = Buffer.alloc(0);
  /** Bytes that fit on this disk. */
  capacity = Number.POSITIVE_INFINITY;
  /** At most this many bytes per write. */
  shortWrites = Number.POSITIVE_INFINITY;
  /** Thrown by the operation of that name. */
  readonly broken: Partial<Record<'write' | 'truncate' | 'datasync' | 'sync' | 'close', Error>> = {};
  /** While set, writes wait for it. */
  gate: Promise<void> | undefined;
  /** While set, `datasync` waits for it. */
  syncGate: Promise<void> | undefined;
  /** What was asked, in order. */
  readonly calls: string[] = [];
  readonly writes: string[] = [];

  async write(data: Buffer, position: number): Promise<number> {
    this.#called('write');
    await this.gate;
    const room = this.capacity - position;
    if (room <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const part = data.subarray(0, Math.min(room, this.shortWrites));
    this.writes.push(part.toString('utf8'));
    this.data = Buffer.concat([this.data.subarray(0, position), part]);
    return part.length;
  }

  async truncate(length: number): Promise<void> {
    this.#called('truncate');
    this.data = this.data.subarray(0, length);
  }

  async datasync(): Promise<void> {
    this.#called('datasync');
    await this.syncGate;
  }

  async sync(): Promise<void> {
    this.#called('sync');
  }

  async close(): Promise<void> {
    this.#called('close');
  }

  #called(name: keyof MemoryFile['broken']): void {
    this.calls.push(name);
    const error = this.broken[name];
    if (error !== undefined) throw error;
  }
}
