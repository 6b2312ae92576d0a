// The floor that the daemon is compared with: ssh2 and a pty, no consent, no log, no mirror. With `--record FILE` the
// shell is recorded, so that the cost of recording alone can be seen. Loopback only; prints its port.
import { createServer } from 'node:net';
import ssh2 from 'ssh2';
import { openRecording, type Recording } from '../../daemon/recording/recording.ts';
import { startShell } from '../../daemon/run/shell.ts';
import { treeContainment } from '../../daemon/run/tree-containment.ts';
import { ALGORITHMS } from '../../daemon/ssh/algorithms.ts';

const QUEUE_HIGH = 256 * 1024; // bytes, as in the daemon
const [, , file] = process.argv;
const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519');

async function serve(channel: ssh2.ServerChannel, size: { cols: number; rows: number }): Promise<void> {
  const recording: Recording | null =
    file === undefined ? null : await openRecording(`${file}.${process.hrtime.bigint()}`, recordingOptions(size));
  const shell = await startShell({
    program: '/bin/sh',
    cwd: '/',
    environment: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    ...size,
    term: 'xterm-256color',
    containment: treeContainment,
  });
  let waiting = 0;
  shell.onOutput((chunk) => {
    recording?.output(chunk);
    waiting += chunk.length;
    if (waiting > QUEUE_HIGH || (recording?.pending ?? 0) > 4 * 1024 * 1024) shell.pause();
    channel.write(chunk, () => {
      waiting -= chunk.length;
      if (waiting < QUEUE_HIGH / 4) void (recording?.drained() ?? Promise.resolve()).then(() => shell.resume());
    });
  });
  channel.on('data', (data: Buffer) => shell.write(data));
  channel.on('close', () => void shell.kill().then(() => recording?.close()));
}

function recordingOptions(size: { cols: number; rows: number }) {
  return { ...size, title: 'bench', startedAt: new Date() };
}

const server = new ssh2.Server({ hostKeys: [hostKey], algorithms: ALGORITHMS }, (client) => {
  client.on('error', () => undefined);
  client.on('authentication', (context) => context.accept());
  client.on('session', (accept) => {
    let size = { cols: 80, rows: 24 };
    const session = accept();
    session.on('pty', (acceptPty, _reject, { cols, rows }) => {
      size = { cols, rows };
      acceptPty?.();
    });
    session.on('shell', (acceptShell) => void serve(acceptShell(), size));
  });
});
const front = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
front.listen(0, '127.0.0.1', () => {
  const address = front.address();
  console.log(typeof address === 'object' ? address?.port : address);
});
