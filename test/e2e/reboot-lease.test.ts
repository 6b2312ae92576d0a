// A technician comes back after a restart that the person allowed, once. The restart is what the daemon can see of one:
// another boot in /proc, which only root can put there.

import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { CODE_PROMPT, LEASE_PROMPT, REASON_PROMPT, SCOPES_PROMPT, TICKET_PROMPT } from '../../protocol/conversation.ts';
import { RealMachine } from '../harness/real-machine.ts';
import type { Technician } from '../harness/technician.ts';
import { describeWith } from '../requires.ts';

const ROOT = process.getuid?.() === 0;
const IN_FORCE_MS = 30_000; // a slow, busy machine
const COVER = 'mount --bind "$1" /proc/sys/kernel/random/boot_id; mount --bind "$2" /proc/uptime; shift 2; exec "$@"';

let place: string;
let machine: RealMachine;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'chaperone-boot-'));
  const [boot, uptime] = [join(place, 'boot'), join(place, 'uptime')];
  boots('first');
  writeFileSync(uptime, '60.00 60.00\n');
  if (ROOT) {
    machine = await RealMachine.start({
      technicians: [{ name: 'Dana Roe' }, { name: 'Kim Low' }],
      scopes: { technician: ['diagnostics', 'shell', 'reboot'] },
      launcher: ['unshare', '--mount', 'sh', '-c', COVER, 'sh', boot, uptime],
    });
  }
});
afterEach(async () => {
  if (ROOT) await machine[Symbol.asyncDispose]();
  rmSync(place, { recursive: true });
});

function boots(name: string): void {
  writeFileSync(join(place, 'boot'), `${name}\n`);
}

/** The computer restarts, and the daemon with it. */
async function restart(): Promise<void> {
  await machine.stop();
  boots('second');
  await machine.startAgain();
}

/** Whoever comes with a secret instead of a code. */
function returning(secret: string, name = 'Dana Roe', scopes = 'diagnostics shell reboot'): Promise<Technician> {
  const answers: Readonly<Record<string, string>> = {
    [LEASE_PROMPT]: secret,
    [CODE_PROMPT]: '11-none-none',
    [REASON_PROMPT]: 'after the restart',
    [TICKET_PROMPT]: 'T-1',
    [SCOPES_PROMPT]: scopes,
  };
  return machine.technician({ name, answer: ({ prompts }) => prompts.map((prompt) => answers[prompt] ?? '') });
}

/** One who has shown the secret, and does not say yet what they want. */
async function returningSlowly(secret: string): Promise<Technician> {
  const asked = Promise.withResolvers<void>();
  const technician = await machine.technician({
    answer: ({ prompts }) => {
      if (prompts.includes(LEASE_PROMPT)) return [secret];
      if (prompts.includes(REASON_PROMPT)) asked.resolve();
      return prompts.length === 0 ? [] : undefined;
    },
  });
  await asked.promise;
  return technician;
}

/** After a restart: the person sits there, and one who may return has shown the secret and takes their time. */
async function hesitating(): Promise<Technician> {
  const secret = await prepared();
  await restart();
  await machine.person();
  return await returningSlowly(secret);
}

/** A session with everything; the secret that lets its technician return. */
async function prepared(): Promise<string> {
  const technician = await machine.session({ scopes: 'diagnostics shell reboot' });
  const control = await technician.control();
  const { result, error } = await control.request('reboot.prepare');
  expect(error).toBeUndefined();
  expect((await machine.chaperoned('status')).stdout).toContain('AFTER A RESTART:  Dana Roe may come back once');
  return String(Reflect.get(Object(result), 'secret'));
}

describeWith('unshare', 'a return after a restart', () => {
  it.runIf(ROOT)('is let in once, without a question, in front of a window, with no more than before', async () => {
    const secret = await prepared();
    await restart();
    // Nobody has a window open: nobody comes back, and the lease stays.
    await using early = await returning(secret);
    await expect(early.ready).rejects.toThrow();
    expect(early.prompts).not.toContain(LEASE_PROMPT);

    using person = await machine.person();
    await using kim = await returning(secret, 'Kim Low');
    await expect(kim.ready).rejects.toThrow();
    expect(kim.prompts).not.toContain(LEASE_PROMPT);

    await using dana = await returning(secret);
    await dana.ready;
    expect(person.unseen).toBe(0);
    const { sessions, lease } = await machine.status();
    expect(sessions.map(({ scopes, technician }) => [technician.name, scopes])).toEqual([
      ['Dana Roe', ['diagnostics', 'shell']],
    ]);
    expect(lease).toBeNull();
    const shell = await dana.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
    await machine.untilRecorded(({ type }) => type === 'consent.leased');
    await machine.end();

    await using again = await returning(secret);
    await expect(again.ready).rejects.toThrow();
    expect(again.prompts).not.toContain(LEASE_PROMPT);
  });

  it.runIf(ROOT)('is refused, and a code is asked for, when only the daemon was started again', async () => {
    const secret = await prepared();
    await machine.stop();
    await machine.startAgain();
    using _ = await machine.person();
    await using dana = await returning(secret);
    await expect(dana.ready).rejects.toThrow();
    expect(dana.prompts).not.toContain(LEASE_PROMPT);
  });

  it.runIf(ROOT)('brings back nothing that the person took back before the restart', async () => {
    const technician = await machine.session({ scopes: 'diagnostics shell reboot' });
    const { result } = await (await technician.control()).request('reboot.prepare');
    expect(await machine.chaperoned('withdraw', 'shell')).toMatchObject({ code: 0 });
    await restart();
    using _ = await machine.person();
    await using dana = await returning(String(Reflect.get(Object(result), 'secret')));
    await dana.ready;
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics']]);
  });

  it.runIf(ROOT)('obeys the policy and the person while a technician is slow to say what they want', async () => {
    await using dana = await hesitating();
    expect((await machine.status()).lease).not.toBeNull();
    const since = async () => (await machine.status()).policy.since;
    const before = await since();
    const policy: { scopes?: unknown } = parse(readFileSync(machine.policyFile, 'utf8'));
    policy.scopes = { technician: ['diagnostics', 'reboot'] };
    writeFileSync(`${machine.policyFile}.new`, stringify(policy), { mode: 0o600 });
    renameSync(`${machine.policyFile}.new`, machine.policyFile);
    await expect.poll(since, { timeout: IN_FORCE_MS }).not.toBe(before);
    dana.respond(['after the restart', 'T-1', 'diagnostics shell']);
    await dana.ready;
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics']]);
    await machine.end();
  });

  it.runIf(ROOT)('is cancelled by the person also after the secret was given', async () => {
    await using dana = await hesitating();
    await machine.chaperoned('withdraw', 'reboot');
    dana.respond(['after the restart', 'T-1', 'diagnostics shell']);
    await expect(dana.ready).rejects.toThrow('Nothing of this was allowed');
  });

  it.runIf(ROOT)('is over when the person ends the session, or forbids it afterwards', async () => {
    const secret = await prepared();
    await machine.end();
    expect((await machine.status()).lease).toBeNull();
    await prepared();
    await restart();
    expect((await machine.status()).lease).not.toBeNull();
    expect(await machine.chaperoned('withdraw', 'reboot')).toMatchObject({ code: 0 });
    expect((await machine.status()).lease).toBeNull();
    using _ = await machine.person();
    await using dana = await returning(secret);
    await expect(dana.ready).rejects.toThrow();
  });
});
