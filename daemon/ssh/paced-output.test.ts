import type { ServerChannel } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../session/emitter.ts';
import type { TechnicianConnection } from './connection.ts';
import { PacedOutput } from './paced-output.ts';

const RESERVE = 4096; // of the window, for the last sentence

/** A channel with a window of `room` bytes beside the reserve; `grow` is what a reading technician does. */
function channelWith(room: number) {
  const sent: Buffer[] = [];
  const outgoing = { window: room + RESERVE };
  const channel = {
    outgoing,
    write: (part: Buffer) => {
      sent.push(Buffer.from(part));
      outgoing.window -= part.length;
      return true;
    },
  };
  const roomGrew = new Emitter<void>();
  const socket = { writableLength: 0, cork: () => undefined, uncork: () => undefined };
  const connection = { roomGrew, socket };
  const output = new PacedOutput(
    channel as unknown as ServerChannel,
    connection as unknown as TechnicianConnection,
    () => undefined,
  );
  const grow = (bytes: number): void => {
    outgoing.window += bytes;
    roomGrew.emit();
  };
  return { output, grow, connection, sent: () => Buffer.concat(sent).toString() };
}

describe('output to a technician', () => {
  it('never runs ahead of what their program has room for', () => {
    const { output, grow, sent } = channelWith(4);
    output.write(Buffer.from('abcdef'));
    output.write(Buffer.from('ghi'));
    expect(sent()).toBe('abcd');
    expect(output.queued).toBe(5);
    grow(3);
    expect(sent()).toBe('abcdefg');
    grow(100);
    expect(sent()).toBe('abcdefghi');
    expect(output.queued).toBe(0);
  });

  it('waits for a network that is full', () => {
    const { output, grow, connection, sent } = channelWith(100);
    connection.socket.writableLength = 1024 * 1024;
    output.write(Buffer.from('abc'));
    expect(sent()).toBe('');
    connection.socket.writableLength = 0;
    grow(0);
    expect(sent()).toBe('abc');
  });

  it('holds what waits and what comes during a pause, and loses none of it', () => {
    const { output, grow, sent } = channelWith(2);
    output.write(Buffer.from('abc'));
    output.hold(true);
    output.write(Buffer.from('def'));
    grow(100);
    expect(sent()).toBe('ab');
    output.hold(false);
    expect(sent()).toBe('abcdef');
  });

  it('sends nothing more after the end, however much room there is, and says whether it tore a message', () => {
    const { output, grow, sent } = channelWith(2);
    output.write(Buffer.from('abc'));
    expect(output.discard()).toBe(true);
    grow(100);
    output.write(Buffer.from('def'));
    expect(sent()).toBe('ab');
    expect(channelWith(10).output.discard()).toBe(false);
  });
});
