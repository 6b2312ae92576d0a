// Measures ours against OpenSSH on this machine, by the same client and the same method, and prints ratios.
import { execFileSync } from 'node:child_process';
import { availableParallelism, release } from 'node:os';
import { parseArgs } from 'node:util';
import { startChaperone } from './chaperone.ts';
import { FIGURES, QUICK, THOROUGH } from './figures.ts';
import { startOpenSsh } from './openssh.ts';
import { type Row, table } from './statistics.ts';
import type { Target } from './target.ts';

/** The first one is what the others are compared with. */
const TARGETS: readonly (() => Promise<Target>)[] = [startOpenSsh, startChaperone];

const USAGE = `usage: scripts/bench [--only FIGURE]… [--quick] [--json]
figures: ${Object.keys(FIGURES).join(', ')}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const chosen = Object.entries(FIGURES).filter(([name]) => values.only?.includes(name) ?? true);
  if (values.help || chosen.length === 0 || values.only?.some((name) => !(name in FIGURES))) {
    console.error(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const targets: Target[] = [];
  try {
    for (const start of TARGETS) targets.push(await start());
    const rows: Row[] = [];
    for (const [name, measure] of chosen) {
      if (!values.json) console.error(`measuring ${name}`);
      rows.push(...(await measure(targets, values.quick ? QUICK : THOROUGH)));
    }
    const names = targets.map(({ name }) => name);
    if (values.json) console.log(JSON.stringify({ machine: machine(), targets: names, rows }, null, 2));
    else console.log(`\n${machine()}\n\n${table(names, rows)}`);
  } finally {
    for (const target of targets.reverse()) await target[Symbol.asyncDispose]();
  }
}

function machine(): string {
  // ssh -V writes to standard error; stderr is merged by the shell
  const openssh = execFileSync('sh', ['-c', 'ssh -V 2>&1']).toString().split(',')[0] ?? '';
  return `${availableParallelism()} cores, Linux ${release()}, Node ${process.version}, ${openssh.trim()}`;
}

await main();
