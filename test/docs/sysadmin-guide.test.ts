// The sysadmin's guide does what it says: its commands run as they stand, in order, in an empty home.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, execPath } from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHAPERONE, CHAPERONED, HUB, PROJECT } from '../harness/place.ts';
import { killFound, processesWith } from '../harness/processes.ts';
import { describeWith } from '../requires.ts';

const GUIDE = join(PROJECT, 'docs', 'sysadmin-guide.md');
const TIMEOUT_MS = 120_000; // for all commands; they take a few seconds

interface Step {
  readonly heading: string;
  readonly script: string;
}

/** The blocks marked `sh`, each with the heading above it. */
function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  let heading = '';
  for (const [, title, script] of markdown.matchAll(/^## (.+)$|^```sh\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    if (script !== undefined) steps.push({ heading, script });
  }
  return steps;
}

const steps = stepsOf(readFileSync(GUIDE, 'utf8'));

/** One shell for all blocks, as a reader has one: each tells of itself before it begins. */
const script = [
  'set -euo pipefail',
  ...steps.map(({ script }, index) => `echo "=== ${index}"\n${script.replaceAll('127.0.0.1:2200', '127.0.0.1:0')}`),
  'echo "=== end"',
].join('\n');

describeWith(['bash', 'ssh-keygen'], 'the sysadmin’s guide', () => {
  let home: string;
  let status: number | null;
  let parts: readonly string[];
  let complaints: string;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'chaperone-guide-'));
    const programs = join(home, 'programs');
    mkdirSync(programs);
    for (const [name, file] of Object.entries({ chaperone: CHAPERONE, chaperoned: CHAPERONED, 'chaperone-hub': HUB })) {
      writeFileSync(join(programs, name), `#!/bin/sh\nexec '${execPath}' '${file}' "$@"\n`, { mode: 0o755 });
    }
    symlinkSync(execPath, join(programs, 'node'));
    const result = spawnSync('bash', ['-c', script], {
      cwd: home,
      env: { HOME: home, PATH: `${programs}:${dirname(execPath)}:${env.PATH}`, LANG: 'C.UTF-8', TMPDIR: home },
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    status = result.status;
    complaints = result.stderr;
    parts = result.stdout.split(/^=== .*\n/m).slice(1);
  }, TIMEOUT_MS + 10_000);
  afterAll(async () => {
    await killFound(processesWith(home));
    rmSync(home, { recursive: true, force: true });
  });

  it('has commands in every numbered part', () => {
    expect(new Set(steps.map(({ heading }) => heading.slice(0, 2))).size).toBeGreaterThanOrEqual(9);
  });

  it('runs to its end', () => {
    const last = steps[parts.length - 1];
    expect(status, `stopped in "${last?.heading}":\n${parts.at(-1)}\n${complaints}`).toBe(0);
  });

  const said = (words: string): string => parts[steps.findIndex(({ script }) => script.includes(words))] ?? '';

  it('shows the certified technician, and what they could be given', () => {
    expect(said('policy explain --technician')).toMatch(/Dana Reyes.*\n[\s\S]*diagnostics, shell\.suggest/);
  });

  it('ends with a status, a narrower policy, a revoked badge, a record that verifies, and a key', () => {
    expect(said('chaperoned start')).toContain('front-desk-2');
    expect(said('maxSession: 1h')).toMatch(/maxSession\s+machine\s+1h/);
    expect(said('organisation.yaml')).toMatch(/maxSession\s+organisation\s+30m/);
    expect(said('revocation@chaperone')).toContain('has taken your certificate or key back');
    expect(said('audit verify')).toContain('The record is whole');
    expect(said('chaperone whoami')).toContain('technicians:');
  });

  it('has a doctor that looks at the policy in force, and an authority that needs no ssh-keygen', () => {
    expect(said('chaperoned doctor')).toMatch(/^ok +policy +\S+policy\.yaml/m);
    expect(said('chaperoned doctor')).toMatch(/^warn +daemon +version .*nobody could be asked/m);
    expect(said('ca init')).toContain('@cert-authority * ssh-ed25519');
    expect(said('chaperoned enrol')).toMatch(/This computer is enrolled as \d{3} \d{3} \d{3}, certificate 2/);
    expect(said('id_clinic-cert.pub')).toMatch(/Kim Park.*\n[\s\S]*diagnostics, shell\.suggest/);
    expect(said('version: 2')).toContain('is a sound policy');
    expect(said('ca revoke')).toMatch(/^1 +revoked +Kim Park/m);
    expect(said('ca revoke')).toContain('has taken your certificate or key back');
    expect(said('ca revoke')).toMatch(/^2 +valid /m);
  });
});
