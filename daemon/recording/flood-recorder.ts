// For a test: records a flood until it is killed, and says when there is much on the disk.

import { openRecording } from './recording.ts';

const [path = ''] = process.argv.slice(2);
const recording = await openRecording(path, { cols: 80, rows: 24, title: 'flood', startedAt: new Date() });
const chunk = Buffer.from(`\x1b[32m${'flood of text '.repeat(200)}\x1b[0m\r\n`);
for (let written = 0; ; written += chunk.length) {
  recording.output(chunk);
  if (recording.pending < 1024 * 1024) continue;
  await recording.drained();
  await new Promise((resolve) => setImmediate(resolve));
  if (written > 8 * 1024 * 1024) process.stdout.write('.');
  if (written > 256 * 1024 * 1024) break; // nobody killed us
}
