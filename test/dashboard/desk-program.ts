// The real dashboard on this terminal against the machine in this process. Run by the tests in tmux, and by hand:
//   node dist/test/dashboard/desk-program.js [connected] [-- shell argv]
// A line written to the socket CHAPERONE_DEED_SOCKET is a deed of the local user (allow, deny, pause, resume, end, say …).

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { type Deed, LocalMachine } from './local-machine.ts';

const [mode, ...rest] = process.argv.slice(2);
const shell = rest[0] === '--' ? rest.slice(1) : undefined;
const connected = {
  start: {
    address: '482913077',
    code: '27-harbor-violet',
    reason: 'the printer is silent',
    ticket: 'T-7',
    scopes: ['diagnostics', 'shell'],
  },
  startAtOnce: true,
} as const;
const machine = new LocalMachine({
  ...(mode === 'connected' ? connected : {}),
  ...(shell === undefined ? {} : { shell }),
});

const socket = process.env.CHAPERONE_DEED_SOCKET;
if (socket !== undefined) {
  const server = createServer((peer) => {
    createInterface(peer).on('line', (deed) => {
      if (deed === 'throw')
        setImmediate(() => {
          throw new TypeError('thrown on purpose');
        });
      else if (deed === 'reject') void Promise.reject(new TypeError('rejected on purpose'));
      else machine.do(deed as Deed);
      peer.end();
    });
  });
  server.listen(socket).unref();
}

const counted = { writes: 0, bytes: 0 };
const statistics = process.env.CHAPERONE_DESK_STATISTICS;
if (statistics !== undefined) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array) => {
    counted.writes += 1;
    counted.bytes += Buffer.byteLength(chunk);
    return write(chunk);
  };
  setInterval(() => writeFileSync(statistics, JSON.stringify(counted)), 200).unref();
}

const { openDashboard } = await import('../../tui/dashboard/open.tsx');
await openDashboard(machine.ports());
process.stdout.write('the dashboard was left\n');
process.exit(0);
