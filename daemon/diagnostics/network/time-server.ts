// Asks a network time server how wrong this computer's clock is: one SNTP packet (RFC 4330), nothing is changed.

import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

const NTP_PORT = 123;
const ANSWER_TIMEOUT_MS = 3_000;
const PACKET_BYTES = 48;
const CLIENT_REQUEST = 0x23; // version 4, mode 3
const SERVER_MODE = 4;
const NTP_EPOCH_SECONDS = 2_208_988_800; // 1900 to 1970
const TRANSMIT_TIMESTAMP = 40; // offset in the packet
const RECEIVE_TIMESTAMP = 32;
const ORIGINATE_TIMESTAMP = 24;

export interface ClockAnswer {
  /** Milliseconds that this computer's clock is behind (positive) or ahead of (negative) the server's. */
  readonly offset: number;
  readonly roundTrip: number;
}

/** `undefined` when no usable answer came in time. `address` is a literal address. Rejects only on abort. */
export async function askTimeServer(
  address: string,
  signal: AbortSignal,
  port = NTP_PORT,
): Promise<ClockAnswer | undefined> {
  signal.throwIfAborted();
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const { promise, resolve, reject } = Promise.withResolvers<ClockAnswer | undefined>();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(() => resolve(undefined), ANSWER_TIMEOUT_MS);
  signal.addEventListener('abort', stop, { once: true });
  const request = Buffer.alloc(PACKET_BYTES);
  request[0] = CLIENT_REQUEST;
  let sentAt = 0;
  socket.on('error', () => resolve(undefined));
  socket.on('message', (answer) => {
    const clock = readAnswer(request, answer, sentAt, Date.now());
    if (clock !== undefined) resolve(clock); // anything else is noise or forged: wait on
  });
  socket.connect(port, address, () => {
    sentAt = Date.now();
    writeTimestamp(request, TRANSMIT_TIMESTAMP, sentAt);
    socket.send(request);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.close();
  }
}

/** The server must repeat our timestamp, be synchronised itself (stratum 1…15), and answer in server mode. */
function readAnswer(request: Buffer, answer: Buffer, sentAt: number, receivedAt: number): ClockAnswer | undefined {
  if (answer.length < PACKET_BYTES || (answer.readUInt8(0) & 7) !== SERVER_MODE) return undefined;
  const stratum = answer.readUInt8(1);
  if (stratum < 1 || stratum > 15) return undefined;
  const ours = request.subarray(TRANSMIT_TIMESTAMP, TRANSMIT_TIMESTAMP + 8);
  if (!ours.equals(answer.subarray(ORIGINATE_TIMESTAMP, ORIGINATE_TIMESTAMP + 8))) return undefined;
  const serverReceived = readTimestamp(answer, RECEIVE_TIMESTAMP);
  const serverSent = readTimestamp(answer, TRANSMIT_TIMESTAMP);
  return {
    offset: Math.round((serverReceived - sentAt + (serverSent - receivedAt)) / 2),
    roundTrip: Math.max(0, Math.round(receivedAt - sentAt - (serverSent - serverReceived))),
  };
}

function readTimestamp(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  // The 32-bit era ends in 2036; values without the top bit belong to the next one (RFC 4330 §3).
  const era = seconds < 2 ** 31 ? 2 ** 32 : 0;
  return (seconds + era - NTP_EPOCH_SECONDS) * 1000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1000;
}

function writeTimestamp(packet: Buffer, at: number, epochMs: number): void {
  packet.writeUInt32BE((Math.floor(epochMs / 1000) + NTP_EPOCH_SECONDS) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((epochMs % 1000) / 1000) * 2 ** 32), at + 4);
}
