#!/usr/bin/env node
// chaperoned: the program on the supported machine. Loads only what the given command needs.

import { VERSION } from '../protocol/version.ts';

const first = process.argv[2];
if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.write(`chaperoned ${VERSION}\n`);
} else {
  const { runCommandLine } = await import('./commands/command-line.ts');
  await runCommandLine(process.argv);
}
