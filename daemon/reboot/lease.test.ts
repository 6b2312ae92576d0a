// The reboot lease, as a scammer would look at it: it must not become a way in without the person.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSignerKey, parseSignerKey } from '../../protocol/log/note-keys.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { Refusals } from '../session/refusals.ts';
import { Session } from '../session/session.ts';
import { DAEMON_STOPPED } from '../session/words.ts';
import { LEASE_MS } from './lease.ts';
import { RebootLeases } from './leases.ts';

const DANA = `SHA256:${'A'.repeat(43)}`;
const KIM = `SHA256:${'B'.repeat(43)}`;
const MINUTE = 60_000;

let home: string;
let now: number;
let boot: string | null;
let upMs: number;
let logged: string[];
const signer = parseSignerKey(generateSignerKey('chaperone/machine/482913077').signerKey);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-lease-'));
  [now, boot, upMs, logged] = [Date.parse('2026-11-22T12:00:00Z'), 'first', 3_600_000, []];
});
afterEach(() => rmSync(home, { recursive: true }));

/** The daemon as it starts on what is on disk. */
async function daemon(): Promise<RebootLeases> {
  const leases = new RebootLeases({
    home,
    signer,
    log: {
      append: async (type, fields) => {
        logged.push(type);
        return { type, fields } as never;
      },
    },
    logger: pino({ level: 'silent' }),
    clock: { boot, now: () => now, upMs: () => upMs },
  });
  await leases.begin();
  return leases;
}

function session(scopes: Scope[] = ['diagnostics', 'shell', 'reboot']): Session {
  const id = '0198c0de-0000-7000-8000-000000000001';
  const opened = new Session(
    {
      v: 1,
      session: id,
      machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
      technician: {
        name: 'Dana Roe',
        role: 'technician',
        phone: '+1 555 0100',
        organisation: null,
        keyFingerprint: DANA,
        verifiedBy: 'listed',
      },
      reason: 'printer',
      ticket: 'T-1',
      asked: scopes,
      scopes,
      grantedAt: new Date(now).toISOString(),
      expiresAt: new Date(Math.max(now, Date.now()) + 60 * MINUTE).toISOString(),
      recorded: { output: true, input: false },
      containment: 'namespace',
      sandboxed: false,
    },
    new Refusals(id, { append: () => Promise.reject(new Error('not here')) }),
  );
  opened.open();
  return opened;
}

/** Makes a lease, ends the session as a restart does, and starts the machine again. */
async function restarted(): Promise<{ leases: RebootLeases; secret: string }> {
  const before = await daemon();
  const live = session();
  const { secret } = await before.make(live);
  live.end('machine', DAEMON_STOPPED);
  await live.ended;
  [boot, upMs] = ['second', MINUTE];
  return { leases: await daemon(), secret };
}

describe('a reboot lease', () => {
  it('lets the same technician in once after one restart, with no more than before and no other lease', async () => {
    const { leases, secret } = await restarted();
    expect(leases.awaits(DANA)).toBe(true);
    const lease = await leases.take(DANA, secret);
    expect(lease?.scopes).toEqual(['diagnostics', 'shell']);
    expect(await leases.take(DANA, secret)).toBeNull();
    expect(readdirSync(home)).toEqual([]);
    expect(await (await daemon()).take(DANA, secret)).toBeNull();
    expect(logged).toEqual(['lease.made', 'lease.waiting', 'lease.used']);
  });

  it('is used up before anything that follows, so that two at once get in once', async () => {
    const { leases, secret } = await restarted();
    const got = await Promise.all([leases.take(DANA, secret), leases.take(DANA, secret)]);
    expect(got.filter((lease) => lease !== null)).toHaveLength(1);
  });

  it('is for nobody else, and the secret alone is worth nothing', async () => {
    const { leases, secret } = await restarted();
    expect(leases.awaits(KIM)).toBe(false);
    expect(await leases.take(KIM, secret)).toBeNull();
  });

  it('is gone after three wrong secrets', async () => {
    const { leases, secret } = await restarted();
    for (let index = 0; index < 3; index += 1) expect(await leases.take(DANA, `wrong-${index}`)).toBeNull();
    expect(await leases.take(DANA, secret)).toBeNull();
  });

  it('needs a restart of the machine: starting the daemon anew is not enough', async () => {
    const before = await daemon();
    const live = session();
    const { secret } = await before.make(live);
    live.end('machine', DAEMON_STOPPED);
    await live.ended;
    upMs = MINUTE; // nothing but the boot itself is in the way
    const after = await daemon();
    expect(after.awaits(DANA)).toBe(false);
    expect(await after.take(DANA, secret)).toBeNull();
  });

  it('is over after a second restart', async () => {
    const { secret } = await restarted();
    [boot, upMs] = ['third', MINUTE];
    expect(await (await daemon()).take(DANA, secret)).toBeNull();
    expect(readdirSync(home)).toEqual([]);
  });

  it('is over after fifteen minutes, and a clock that is set back does not bring it back', async () => {
    const { leases, secret } = await restarted();
    now += LEASE_MS + 1;
    expect(leases.awaits(DANA)).toBe(false);
    const again = await restarted();
    now -= 24 * 60 * MINUTE;
    upMs = LEASE_MS + 1;
    expect(await again.leases.take(DANA, again.secret)).toBeNull();
    expect(secret).not.toBe(again.secret);
  });

  it.each([
    ['the person ends the session', (live: Session) => live.end('local user', 'the person ended it')],
    ['the technician ends it', (live: Session) => live.end('technician', 'done')],
    ['the time is over', (live: Session) => live.end('time limit', 'over')],
    ['the indicator was closed', (live: Session) => live.end('machine', 'the window was closed')],
    ['the permission is taken back', (live: Session) => void live.withdraw(['reboot'], 'taken back')],
  ])('is over when %s', async (_name, act) => {
    const leases = await daemon();
    const live = session();
    await leases.make(live);
    act(live);
    if (live.state === 'ended') await live.ended;
    await Promise.resolve();
    expect(leases.present).toBeNull();
    expect(readdirSync(home)).toEqual([]);
    live.end('technician', 'tidy');
  });

  it('does not bring back what the person took back, before the restart or after it', async () => {
    const before = await daemon();
    const live = session(['diagnostics', 'files.pull', 'shell', 'reboot']);
    const { secret } = await before.make(live);
    live.withdraw(['shell'], 'taken back');
    expect(before.present?.scopes).toEqual(['diagnostics', 'files.pull']);
    live.end('machine', DAEMON_STOPPED);
    await live.ended;
    [boot, upMs] = ['second', MINUTE];
    const after = await daemon();
    await after.withdraw(['files.pull'], 'taken back');
    expect((await after.take(DANA, secret))?.scopes).toEqual(['diagnostics']);
  });

  it('is gone when nothing is left to come back for', async () => {
    const { leases } = await restarted();
    await leases.withdraw(['diagnostics', 'shell'], 'taken back');
    expect(leases.present).toBeNull();
    expect(readdirSync(home)).toEqual([]);
  });

  it('stays in sight, and the person can cancel it, until it is taken', async () => {
    const { leases, secret } = await restarted();
    expect(leases.proves(DANA, secret)).toBe(true);
    expect(leases.present).not.toBeNull();
    await leases.cancel('the person');
    expect(await leases.take(DANA, secret)).toBeNull();
  });

  it('is not made by a session that has just lost the permission', async () => {
    const leases = await daemon();
    const live = session();
    const making = leases.make(live);
    live.withdraw(['reboot'], 'taken back');
    await expect(making).rejects.toThrow('taken back');
    expect(readdirSync(home)).toEqual([]);
    live.end('technician', 'tidy');
  });

  it('does not give what was taken back while it was being made', async () => {
    const leases = await daemon();
    const live = session();
    const making = leases.make(live);
    live.withdraw(['shell'], 'taken back');
    await making;
    expect(leases.present?.scopes).toEqual(['diagnostics']);
    live.end('technician', 'tidy');
  });

  it('is not made where nothing tells a restart, and gives nothing when it was changed on disk', async () => {
    boot = null;
    const live = session();
    await expect((await daemon()).make(live)).rejects.toThrow('cannot prepare');
    live.end('technician', 'tidy');
    boot = 'first';
    const { secret } = await restarted();
    const file = join(home, readdirSync(home)[0] ?? '');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"diagnostics"', '"shell.admin"'));
    expect(await (await daemon()).take(DANA, secret)).toBeNull();
  });
});
