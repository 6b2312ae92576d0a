// Disables each guard in turn, in a copy of the project, and runs the test that must then fail: `node scripts/guards.ts`
// does all, with words after it only those whose name contains them. A test that passes without its guard proves nothing.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env, execPath } from 'node:process';

const PROJECT = resolve(import.meta.dirname, '..');
const PATIENCE_MS = 180_000; // for one guard; a test that hangs without its guard has noticed, too
const TEST_PATIENCE_MS = 40_000; // for one test: what waits in vain need not wait as long as on a loaded machine

interface Guard {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  /** Part of the name of the tests to run. @default all of the file */
  readonly only?: string;
}

const GUARDS: readonly Guard[] = [
  {
    name: 'surface guard',
    file: 'daemon/ssh/surface-guard.ts',
    find: 'if (verdict.allowed) {',
    replace: 'if (verdict.allowed || request.name !== "") {',
    test: 'test/hostile/surface.test.ts',
    only: 'while the person is being asked',
  },
  {
    name: 'bytes beyond the window',
    file: 'daemon/ssh/surface-guard.ts',
    find: 'data.length > window',
    replace: 'data.length > window + 1e12',
    test: 'test/hostile/channels.test.ts',
    only: 'take nothing beyond their window',
  },
  {
    name: 'packets of no bytes',
    file: 'daemon/ssh/surface-guard.ts',
    find: 'const PACKET_MIN = 1024;',
    replace: 'const PACKET_MIN = 0;',
    test: 'test/hostile/channels.test.ts',
    only: 'take no bytes at a time',
  },
  {
    name: 'consent desk: was on screen',
    file: 'daemon/consent/desk.ts',
    find: 'if (displayedAt === null) {\n      return',
    replace: 'if (Number.isNaN(displayedAt)) {\n      return',
    test: 'daemon/consent/desk.test.ts',
  },
  {
    name: 'consent desk: not before it could be read',
    file: 'daemon/consent/desk.ts',
    find: '- ACKNOWLEDGEMENT_MS) {',
    replace: '- 1e12) {',
    test: 'test/hostile/widening.test.ts',
    only: 'before anyone could have read',
  },
  {
    name: 'consent desk: no more than was offered',
    file: 'daemon/consent/desk.ts',
    find: 'const scopes = intersectScopes(\n      answer.scopes,',
    replace: 'const scopes = intersectScopes(\n      question && answer.scopes,\n    ) ?? intersectScopes([],',
    test: 'daemon/consent/desk.test.ts',
  },
  {
    name: 'one-time code',
    file: 'daemon/pairing/codes.ts',
    find: 'if (sameCode(canonical(answer), this.#present.code)) {',
    replace: 'if (sameCode(canonical(answer), this.#present.code) || answer !== "") {',
    test: 'test/hostile/authentication.test.ts',
    only: 'no prompt without the right code',
  },
  {
    name: 'end cuts every part',
    file: 'daemon/session/session.ts',
    find: 'part.cut(reason);',
    replace: 'void part;',
    test: 'daemon/session/session.test.ts',
  },
  {
    name: 'end throws away what waits',
    file: 'daemon/ssh/paced-output.ts',
    find: 'this.#over = true;\n    this.#queue = [];\n    this.#queued = 0;\n    this.#subscription[Symbol.dispose]();',
    replace: '',
    test: 'test/promises/promise-09-ending-is-final.test.ts',
    only: 'cuts a flood',
  },
  {
    name: 'write-ahead',
    file: 'daemon/audit/machine-log.ts',
    find: 'await this.#log.append(entry);',
    replace: 'void this.#log.append(entry).catch(() => undefined);',
    test: 'test/promises/promise-05-write-ahead-audit.test.ts',
  },
  {
    name: 'recorder',
    file: 'daemon/path/run.ts',
    find: "session.loseRecorder('the recording cannot be written');",
    replace: '',
    test: 'test/promises/promise-04-no-recorder-no-session.test.ts',
    only: 'cannot grow',
  },
  {
    name: 'indicator',
    file: 'daemon/start.ts',
    find: "session.end('machine', INDICATOR_GONE);",
    replace: 'void INDICATOR_GONE;',
    test: 'test/promises/promise-06-the-indicator.test.ts',
  },
  {
    name: 'keys out of reach',
    file: 'daemon/run/namespace-containment.ts',
    find: "hidden.flatMap((directory) => ['--tmpfs', directory]);",
    replace: 'hidden.slice(hidden.length);',
    test: 'test/promises/promise-07-out-of-reach.test.ts',
  },
];

/** All that belongs to the project, without what is installed or built. */
function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'chaperone-guards-'));
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

/** Whether the test fails without the guard. */
function notices(copy: string, guard: Guard): boolean {
  const path = join(copy, guard.file);
  const source = readFileSync(path, 'utf8');
  if (source.split(guard.find).length !== 2) throw new Error(`${guard.name}: ${guard.file} does not hold it once`);
  writeFileSync(
    path,
    source.replace(guard.find, () => guard.replace),
  );
  try {
    const compiler = join(copy, 'node_modules/typescript/bin/tsc');
    // Types may be broken by what stands in a guard's place; the programs are written all the same.
    spawnSync(execPath, [compiler, '-p', 'tsconfig.json'], { cwd: copy, stdio: 'ignore' });
    const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
    const only = guard.only === undefined ? [] : ['-t', guard.only];
    const { status } = spawnSync(
      execPath,
      [vitest, 'run', guard.test, '--bail=1', `--testTimeout=${TEST_PATIENCE_MS}`, ...only],
      { cwd: copy, stdio: 'ignore', timeout: PATIENCE_MS, env: { ...env, CHAPERONE_TEST_DIST: join(copy, 'dist') } },
    );
    return status !== 0;
  } finally {
    writeFileSync(path, source);
  }
}

const wanted = process.argv.slice(2);
const copy = copyProject();
let missed = 0;
try {
  for (const guard of GUARDS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
    const noticed = notices(copy, guard);
    if (!noticed) missed += 1;
    process.stdout.write(`${noticed ? 'noticed' : 'MISSED '}  ${guard.name} (${guard.test})\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(missed === 0 ? 'every guard is held by a test\n' : `${missed} guards are held by no test\n`);
process.exitCode = missed === 0 ? 0 : 1;
