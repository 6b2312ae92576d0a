// A port that nothing listens on, for programs that must be told one. Not from the range out of which the system itself
// gives ports (/proc/sys/net/ipv4/ip_local_port_range): there, another test could get the same one before it is bound.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 10_000;
const BEHIND_LAST = 32_000; // the system's own begin at 32768

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, BEHIND_LAST);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
