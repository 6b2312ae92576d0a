// Disables each guard of scripts/guards/ in turn, in a copy of the project, and runs the test that must then fail:
// `node scripts/guards.ts` does all, with words after it only those whose name contains one of them. A test that passes
// without its guard proves nothing.

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env, execPath } from 'node:process';
import type { Guard } from './guards/guard.ts';
import { GUARDS } from './guards/matrix.ts';
import { disabled } from './guards/mutation.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const PATIENCE_MS = 300_000; // for one guard; a test that hangs without its guard has noticed, too
const TEST_PATIENCE_MS = 60_000; // for one test: what waits in vain need not wait as long as in the suite

/** All that belongs to the project, without what is installed or built. */
function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'chaperone-guards-'));
  chmodSync(copy, 0o755); // some tests run it as another user
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    cpSync(join(PROJECT, file), join(copy, file), { recursive: true });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Compiles the copy for tests that run programs; false when the compiler complains. Unit tests run the source. */
function compiles(copy: string, { test }: Guard): boolean {
  if (!test.startsWith('test/')) return true;
  const compiler = join(copy, 'node_modules/typescript/bin/tsc');
  const noUnused = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false']; // what a guard used may be left over
  return (
    spawnSync(execPath, [compiler, '-p', 'tsconfig.json', ...noUnused], { cwd: copy, stdio: 'ignore' }).status === 0
  );
}

/** Whether the test of `guard` passes in the copy as it stands. */
function passes(copy: string, { test, named }: Guard): boolean {
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  // `$kind` and `%s` in a name stand for values; all that means something in a pattern may stand for itself.
  const pattern = named.replaceAll(/\$\w+|%\w|[^\w ]/g, '.*');
  const { status } = spawnSync(
    execPath,
    [vitest, 'run', test, '--bail=1', `--testTimeout=${TEST_PATIENCE_MS}`, '-t', pattern],
    { cwd: copy, stdio: 'ignore', timeout: PATIENCE_MS, env: { ...env, CHAPERONE_TEST_DIST: join(copy, 'dist') } },
  );
  return status === 0;
}

type Verdict = 'noticed' | 'MISSED' | 'BROKEN before anything was disabled' | 'DOES NOT COMPILE without the guard';

function judge(copy: string, guard: Guard, works: (guard: Guard) => boolean): Verdict {
  if (!works(guard)) return 'BROKEN before anything was disabled';
  const path = join(copy, guard.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, disabled(guard, source));
  try {
    if (!compiles(copy, guard)) return 'DOES NOT COMPILE without the guard';
    return passes(copy, guard) ? 'MISSED' : 'noticed';
  } finally {
    writeFileSync(path, source);
  }
}

const wanted = process.argv.slice(2);
const chosen = GUARDS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const copy = copyProject();
const bad: string[] = [];
try {
  const known = new Map<string, boolean>();
  /** Several guards share a test; it runs once with all of them in place. */
  const works = (guard: Guard): boolean => {
    const key = `${guard.test} ${guard.named}`;
    const answer = known.get(key) ?? (compiles(copy, guard) && passes(copy, guard));
    known.set(key, answer);
    return answer;
  };
  for (const guard of chosen) {
    const verdict = judge(copy, guard, works);
    if (verdict !== 'noticed') bad.push(guard.name);
    process.stdout.write(`${verdict}  ${guard.name} (${guard.test}: ${guard.named})\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(
  bad.length === 0 ? `${chosen.length} guards, each held by its test\n` : `held by no test: ${bad.join('; ')}\n`,
);
process.exitCode = bad.length === 0 && chosen.length > 0 ? 0 : 1;
