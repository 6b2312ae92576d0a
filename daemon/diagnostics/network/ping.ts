// Runs `ping` on a literal address and reads its summary, in the wording of iputils and of BusyBox.

import type { Probe } from '../probe.ts';

const SECOND_MS = 1000;

export interface PingAnswer {
  readonly sent: number;
  readonly received: number;
  /** Milliseconds; null when nothing came back. */
  readonly average: number | null;
  readonly worst: number | null;
  /** What ping said instead of a summary: not permitted, no route. */
  readonly problem?: string;
}

/**
 * Sends `count` packets, one a second, and waits two seconds more.
 *
 * @param address a literal address, so that ping neither resolves names nor finds an option
 * @throws ProgramMissing
 */
export async function ping(probe: Probe, address: string, count: number): Promise<PingAnswer> {
  const seconds = count + 2;
  const answer = await probe.run(['ping', '-n', '-c', String(count), '-w', String(seconds), '--', address], {
    timeoutMs: (seconds + 2) * SECOND_MS,
  });
  return parsePing(answer.out, answer.err);
}

export function parsePing(out: string, err: string): PingAnswer {
  const packets = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(out);
  if (packets === null) {
    return { sent: 0, received: 0, average: null, worst: null, problem: firstLine(err) ?? 'ping gave no answer' };
  }
  const times = /= [\d.]+\/([\d.]+)\/([\d.]+)/.exec(out); // min/avg/max
  return {
    sent: Number(packets[1]),
    received: Number(packets[2]),
    average: times?.[1] === undefined ? null : Number(times[1]),
    worst: times?.[2] === undefined ? null : Number(times[2]),
  };
}

const firstLine = (text: string): string | undefined => text.split('\n').find((line) => line.trim() !== '');
