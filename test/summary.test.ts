// Runs the real vitest over small suites, because what counts is what scripts/test prints and how it ends.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env, execPath } from 'node:process';
import { describe, expect, it } from 'vitest';
import { MISSING_PROGRAMS_FAIL } from './requires.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const VITEST = join(PROJECT, 'node_modules/vitest/vitest.mjs');

/** Runs the suites (text by file name) and gives the exit code and the lines of the summary. */
function run(suites: Record<string, string>, variables: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'chaperone-summary-'));
  try {
    for (const [name, text] of Object.entries(suites)) writeFileSync(join(folder, `${name}.test.ts`), text);
    const file = join(folder, 'summary');
    const settings = { test: { globals: true, setupFiles: [join(PROJECT, 'test/environment.ts')] } };
    writeFileSync(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(settings)};`);
    const args = [VITEST, 'run', '--root', folder, '--reporter', join(PROJECT, 'test/summary.ts')];
    const { [MISSING_PROGRAMS_FAIL]: _, ...inherited } = env;
    const { status } = spawnSync(execPath, args, {
      env: { ...inherited, CHAPERONE_TEST_SUMMARY: file, ...variables },
    });
    return { status, lines: readFileSync(file, 'utf8').split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const REQUIRES = join(PROJECT, 'test/requires.ts');
const NEEDS_PROGRAM = `
  import { describeWith, requires } from '${REQUIRES}';
  describeWith(['sh', 'no-such-program'], 'needy', () => { it('runs it', () => { expect(1).toBe(2); }); });
  describeWith('sh', 'easy', () => { it('runs sh', () => { expect(requires('sh')).toBe(true); }); });`;

describe('the last line of scripts/test', () => {
  it('counts what passed', () => {
    expect(run({ a: "it('a', () => {}); it('b', () => {});" })).toEqual({
      status: 0,
      lines: ['2 passed, 0 failed', ''],
    });
  });

  it('counts failures inside and outside tests, and names what was skipped', () => {
    const { status, lines } = run({
      fails:
        "it('a', () => { expect(1).toBe(2); }); it('b', () => {}); describe('group', () => { it.skip('c', () => {}); });",
      breaks: "import './no-such-file.ts';",
      hook: "describe('h', () => { beforeAll(() => { throw new Error('no'); }); it('d', () => {}); });",
      rejects: "it('e', () => { void Promise.reject(new Error('nobody waits')); });",
    });
    expect(status).toBe(1);
    expect(lines).toContain('skipped: group > c');
    expect(lines.at(-2)).toMatch(/^2 passed, 4 failed, \d skipped$/);
  });
});

describe('a test that needs a program that is missing', () => {
  it('is skipped by name on a person’s machine', () => {
    const { status, lines } = run({ a: NEEDS_PROGRAM });
    expect(status).toBe(0);
    expect(lines).toEqual([
      'skipped: needy (not installed: no-such-program) > runs it',
      '1 passed, 0 failed, 1 skipped',
      '',
    ]);
  });

  it('fails where all must run', () => {
    const { status, lines } = run({ a: NEEDS_PROGRAM }, { CI: 'true' });
    expect(status).toBe(1);
    expect(lines).toEqual(['1 passed, 1 failed', '']);
  });
});
