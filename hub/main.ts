#!/usr/bin/env node
// chaperone-hub: the organisation's program. In this version it keeps the certificate authority.

import { runCommandLine } from './commands/command-line.ts';

await runCommandLine(process.argv);
