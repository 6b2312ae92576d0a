#!/usr/bin/env node
// chaperone: the technician's program. Loads only what the given command needs.

import { VERSION } from '../protocol/version.ts';

const first = process.argv[2];
if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.write(`chaperone ${VERSION}\n`);
} else {
  const { cacheCompiledCode } = await import('./commands/compile-cache.ts');
  cacheCompiledCode(); // before the rest is read
  const { runCommandLine } = await import('./commands/command-line.ts');
  await runCommandLine(process.argv);
}
