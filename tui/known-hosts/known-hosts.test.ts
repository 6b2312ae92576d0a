import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WireWriter } from '../../protocol/identity/ssh-wire.ts';
import { hashHost, hostName, matchesHost } from './host-names.ts';
import { findHost, parseKnownHosts } from './known-hosts.ts';
import { KnownHostsBook } from './known-hosts-book.ts';

const hasSsh = spawnSync('ssh-keygen', ['-?']).error === undefined;

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-known-hosts-'));
  file = join(home, 'known_hosts');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const keyOf = (letter: string) => new WireWriter().string('ssh-ed25519').string(letter.repeat(32)).finish();
const A = keyOf('a');
const B = keyOf('b');
const base64 = (key: Buffer) => key.toString('base64');
const NAME = '[192.0.2.7]:2200';

function book(more: Partial<ConstructorParameters<typeof KnownHostsBook>[1]> = {}): KnownHostsBook {
  return new KnownHostsBook(home, { alsoRead: [], authorities: [], hashNames: false, ...more });
}

/** Numbers of the lines that the stock ssh-keygen finds for a host. */
function foundByOpenSsh(host: string): number[] {
  const { stdout } = spawnSync('ssh-keygen', ['-F', host, '-f', file], { encoding: 'utf8' });
  return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, number]) => Number(number));
}

describe('a line of known_hosts', () => {
  it('has a marker or none, names, and a key', () => {
    const text = [
      '# a comment',
      '',
      `  front-desk,${NAME} ssh-ed25519 ${base64(A)} who wrote it\r`,
      `@cert-authority *.clinic.example ssh-ed25519 ${base64(B)}`,
      `@revoked\t*\tssh-ed25519\t${base64(B)}`,
      `@unknown * ssh-ed25519 ${base64(B)}`,
    ].join('\n');
    expect(
      parseKnownHosts(text, 'f').map(({ number, marker, names, key, comment }) => [
        number,
        marker,
        names,
        key,
        comment,
      ]),
    ).toEqual([
      [3, null, `front-desk,${NAME}`, A, 'who wrote it'],
      [4, 'cert-authority', '*.clinic.example', B, ''],
      [5, 'revoked', '*', B, ''],
    ]);
  });

  it.each([
    ['is cut off', `${NAME} ssh-ed25519 ${base64(A).slice(0, 40)}`],
    ['names another type than it holds', `${NAME} ssh-rsa ${base64(A)}`],
    ['has no key', NAME],
    ['has half a key', `${NAME} ssh-ed25519`],
    ['is not base64', `${NAME} ssh-ed25519 ${base64(A).replace('A', '!')}`],
    ['goes on after the key', `${NAME} ssh-ed25519 ${base64(Buffer.concat([A, A]))}`],
    ['is longer than any line', `${NAME} ssh-ed25519 ${base64(A)} ${'x'.repeat(70_000)}`],
  ])('that %s is known to be damaged, and about which machine', (_what, line) => {
    const findings = findHost(parseKnownHosts(line, 'f'), [NAME]);
    expect(findings).toMatchObject({ pins: [], damaged: [{ number: 1 }] });
  });

  it.each(['|1|AAAA|BBBB', '|2|x|y', '|'])('whose name is hashed badly (%s) may be about every machine', (names) => {
    const line = `${names} ssh-ed25519 ${base64(A)}`;
    expect(findHost(parseKnownHosts(line, 'f'), [NAME])).toMatchObject({ pins: [], damaged: [{ number: 1 }] });
  });

  it('never makes the reader fail, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(findHost(parseKnownHosts(text, 'f'), [NAME]).authorities).toEqual([]);
      }),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(fc.nat(A.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bent = Buffer.from(A);
        bent[at] = (bent[at] ?? 0) ^ change;
        const [line] = parseKnownHosts(`${NAME} ssh-ed25519 ${base64(bent)}`, 'f');
        expect(line?.key?.equals(A)).not.toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the names of a line', () => {
  it('have brackets and a port, except on the port of SSH', () => {
    expect(hostName({ host: '192.0.2.7', port: 2200 })).toBe(NAME);
    expect(hostName({ host: 'Front-Desk', port: 22 })).toBe('front-desk');
    expect(hostName({ host: '2001:db8::7', port: 2200 })).toBe('[2001:db8::7]:2200');
  });

  it.each([
    ['front-desk', 'front-desk', true],
    ['Front-Desk', 'front-desk', true],
    ['front-desk', 'front-desk-2', false],
    ['*.example,!lab.example', 'desk.example', true],
    ['*.example,!lab.example', 'lab.example', false],
    ['!lab.example', 'desk.example', false],
    ['192.0.2.?', '192.0.2.7', true],
    ['192.0.2.?', '192.0.2.77', false],
    ['[192.0.2.*]:2200', NAME, true],
    ['192.0.2.7', NAME, false],
    ['*', NAME, true],
    [`${'*'.repeat(2000)},front-desk`, 'front-desk', false],
  ])('%s is about %s: %s', (names, host, matches) => {
    expect(matchesHost(names, host)).toBe(matches);
  });

  it('may be hashed', () => {
    expect(matchesHost(hashHost(NAME), NAME)).toBe(true);
    expect(matchesHost(hashHost(NAME), 'front-desk')).toBe(false);
    expect(matchesHost(hashHost(NAME).slice(0, -2), NAME)).toBe(false);
  });

  it('take no time to compare that grows with their stars', () => {
    expect(matchesHost(`${'*a'.repeat(500)}b`, 'a'.repeat(5000))).toBe(false);
  });

  it.skipIf(!hasSsh)('mean what ssh-keygen takes them to mean', () => {
    const name = fc
      .array(fc.constantFrom('a', 'b', 'B', '.', '*', '?', '[a]:22', '-', '1'), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join(''));
    const host = fc
      .array(fc.constantFrom('a', 'b', '.', '[a]:22', '1', '-'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    const list = fc.oneof(
      fc
        .array(fc.tuple(fc.constantFrom('', '', '!'), name), { minLength: 1, maxLength: 3 })
        .map((items) => items.map((item) => item.join('')).join(',')),
      host.map(hashHost),
      fc.constantFrom(',a,', 'a,,b', `|1|${'A'.repeat(27)}=|${'B'.repeat(26)}A=`),
    );
    const marker = fc.constantFrom(
      '',
      '',
      '@cert-authority ',
      '@revoked ',
      '@cert-authority\t',
      '@other ',
      '@cert-authority',
    );
    const key = fc.constantFrom(base64(A), base64(B), base64(A).slice(0, -8), '====');
    const type = fc.constantFrom('ssh-ed25519', 'ssh-ed25519', 'ssh-rsa', 'nonsense');
    const line = fc
      .tuple(fc.constantFrom('', ' ', '\t'), marker, list, type, key)
      .map(([space, mark, names, keyType, text]) => `${space}${mark}${names} ${keyType} ${text}`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 20, maxLength: 60 }), host, (lines, wanted) => {
        const text = `${lines.join('\n')}\n`;
        writeFileSync(file, text);
        const found = new Set(foundByOpenSsh(wanted));
        const all = parseKnownHosts(text, file);
        const { pins, authorities, revoked } = findHost(all, [wanted]);
        const taken = [...pins, ...authorities, ...revoked].map(({ number }) => number);
        expect(taken.filter((number) => !found.has(number))).toEqual([]);
        // It also finds lines with keys that nobody can use; those, and no others, are not taken here.
        const about = all.filter((candidate) => matchesHost(candidate.names, wanted)).map(({ number }) => number);
        expect([...found].filter((number) => !about.includes(number))).toEqual([]);
        const unused = all.filter(({ number }) => found.has(number) && !taken.includes(number));
        expect(unused.filter(({ text: line }) => line.includes(` ssh-ed25519 ${base64(A)}`))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is pinned', () => {
  it('is found again, by either name, and nobody else reads the file', async () => {
    await book().pin({ names: ['482913077', NAME], key: A }, false);
    expect(readFileSync(file, 'utf8')).toBe(`482913077,${NAME} ssh-ed25519 ${base64(A)} chaperone\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const name of ['482913077', NAME]) expect(book().find([name]).pins).toMatchObject([{ key: A }]);
    expect(book().find(['735004124']).pins).toEqual([]);
  });

  it.skipIf(!hasSsh)('is found by the stock ssh-keygen, hashed or not, with the same fingerprint', async () => {
    await book({ hashNames: true }).pin({ names: ['482913077', NAME], key: A }, false);
    await book().pin({ names: ['735004124', '[192.0.2.8]:2200'], key: B }, false);
    expect(readFileSync(file, 'utf8')).not.toContain('482913077');
    expect(foundByOpenSsh(NAME)).toHaveLength(1);
    expect(foundByOpenSsh('482913077')).toHaveLength(1);
    expect(foundByOpenSsh('735004124')).toHaveLength(1);
    const listed = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' });
    expect(listed.match(/SHA256:\S{43}/g)).toHaveLength(3);
  });

  it('follows a machine that moves, without writing the file when nothing changed', async () => {
    await book().pin({ names: ['482913077', NAME], key: A }, false);
    const { ino } = statSync(file);
    await book().pin({ names: ['482913077', NAME], key: A }, false);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(2);
    expect(statSync(file).ino).toBe(ino);
    await book().pin({ names: ['482913077', '[192.0.2.9]:2200'], key: A }, false);
    expect(book().find([NAME]).pins).toEqual([]);
    expect(book().find(['[192.0.2.9]:2200']).pins).toHaveLength(1);
  });

  it('leaves what a person wrote as it is', async () => {
    const own = `# my machines\n*.example ssh-ed25519 ${base64(A)} mine\n@revoked * ssh-ed25519 ${base64(B)}\nnonsense\n`;
    writeFileSync(file, own);
    await book().pin({ names: ['desk.example', NAME], key: A }, false);
    expect(readFileSync(file, 'utf8')).toBe(`${own}${NAME} ssh-ed25519 ${base64(A)} chaperone\n`);
  });

  it('is taken from another key only where somebody vouched for the new one', async () => {
    writeFileSync(file, `lab,${NAME} ssh-ed25519 ${base64(A)} mine\n${hashHost(NAME)} ssh-ed25519 ${base64(A)}\n`);
    await book().pin({ names: [NAME], key: B }, true);
    expect(readFileSync(file, 'utf8')).toBe(
      `lab ssh-ed25519 ${base64(A)} mine\n${NAME} ssh-ed25519 ${base64(B)} chaperone\n`,
    );
    writeFileSync(file, `[192.0.2.*]:2200 ssh-ed25519 ${base64(A)}\n`);
    await expect(book().pin({ names: [NAME], key: B }, true)).rejects.toThrow('line 1');
    expect(readFileSync(file, 'utf8')).toContain(base64(A));
  });

  it('holds in the files of an administrator too, which are never written', async () => {
    const shared = join(home, 'shared');
    writeFileSync(shared, `${NAME} ssh-ed25519 ${base64(A)}\n@cert-authority 4* ssh-ed25519 ${base64(B)} clinic\n`);
    const both = book({ alsoRead: [shared], authorities: [`ssh-ed25519 ${base64(A)}`] });
    expect(both.find([NAME]).pins).toMatchObject([{ file: shared, number: 1 }]);
    expect(both.find(['482913077']).authorities).toMatchObject([{ file: shared }, { file: 'the settings' }]);
    await expect(both.pin({ names: [NAME], key: B }, true)).rejects.toThrow('another key');
    expect(() => book({ alsoRead: [join(home, 'none')] }).lines()).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('is not lost when several write at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `host-${index}`);
    await Promise.all(
      names.map((name, index) => book().pin({ names: [name], key: keyOf(String.fromCharCode(99 + index)) }, false)),
    );
    expect(names.filter((name) => book().find([name]).pins.length !== 1)).toEqual([]);
  });
});
