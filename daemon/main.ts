#!/usr/bin/env -S node --max-semi-space-size=1 --v8-pool-size=1
// chaperoned: the program on the supported machine. Loads only what the given command needs. It waits most of its life,
// so Node keeps little room for new objects (11 MiB less when idle, 60 MiB less after a flood) and one helping thread:
// four collect garbage no sooner on a small machine, and take the shell's processor while they do.

import { VERSION } from '../protocol/version.ts';

const first = process.argv[2];
if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.write(`chaperoned ${VERSION}\n`);
} else {
  const { runCommandLine } = await import('./commands/command-line.ts');
  await runCommandLine(process.argv);
}
