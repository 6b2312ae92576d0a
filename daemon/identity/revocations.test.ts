// Lists that change under a running daemon: what is newly taken back is told, what is not believed changes nothing.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publicKeyOf } from '../../protocol/identity/public-key.ts';
import { type SshSigner, signerOf } from '../../protocol/identity/signature.ts';
import { signSshsig } from '../../protocol/identity/sshsig.ts';
import { Revocations } from './revocations.ts';
import { SequenceBook } from './sequence-book.ts';

const CA = signerOf(generateKeyPairSync('ed25519').privateKey);
const STRANGER = signerOf(generateKeyPairSync('ed25519').privateKey);
const CREDENTIAL = { key: publicKeyOf(generateKeyPairSync('ed25519').publicKey), certificate: null };
const NAMED = `key ${CREDENTIAL.key.fingerprint}`;

let directory: string;
let file: string;
let events: [type: string, fields: unknown][];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-revocations-'));
  file = join(directory, 'list');
  events = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function publish(sequence: number, lines: readonly string[] = [], signer: SshSigner = CA): Promise<void> {
  const bytes = Buffer.from(['chaperone/revocations/v1', `sequence ${sequence}`, ...lines, ''].join('\n'));
  writeFileSync(`${file}.sig`, await signSshsig(bytes, 'revocation@chaperone', signer));
  writeFileSync(file, bytes);
}

const open = (revocations = [file]) =>
  Revocations.open({
    organisation: () => ({ cas: [CA.publicKey], revocations }),
    log: {
      append: async (type, fields) => void events.push([type, fields]),
    },
    logger: { warn: () => undefined, info: () => undefined },
    sequences: new SequenceBook(join(directory, 'sequences.json')),
  });

const typesOf = () => events.map(([type]) => type);

it('nothing is taken back where the policy names no list', async () => {
  using revocations = await open([]);
  expect(revocations.verdict(CREDENTIAL)).toBeNull();
  expect(revocations.problems).toEqual([]);
});

it('a list that was never there closes the door, says so, and opens it when it comes', async () => {
  using revocations = await open();
  expect(revocations.verdict(CREDENTIAL)).toMatchObject({ reason: 'revocations-unknown' });
  expect(revocations.problems).toEqual([expect.stringContaining('no certificate is taken')]);
  await publish(1);
  await revocations.reload();
  expect(revocations.verdict(CREDENTIAL)).toBeNull();
  expect(typesOf()).toEqual(['revocations.refused', 'revocations.loaded']);
});

it('who is watched is told once when a list names them, and nobody after that they are', async () => {
  await publish(1);
  using revocations = await open();
  const told: unknown[] = [];
  using _watched = revocations.watch(CREDENTIAL, (revoked) => told.push(revoked));
  {
    using _gone = revocations.watch(CREDENTIAL, () => expect.fail('not watched any more'));
  }
  await publish(2, [NAMED]);
  await revocations.reload();
  await publish(3, [NAMED]);
  await revocations.reload();
  expect(told).toEqual([expect.objectContaining({ reason: 'revoked', file })]);
  expect(revocations.verdict(CREDENTIAL)).toMatchObject({ reason: 'revoked' });
});

it.each<[string, () => Promise<void> | void]>([
  ['signed by a stranger', () => publish(3, [], STRANGER)],
  ['changed after it was signed', () => writeFileSync(file, 'chaperone/revocations/v1\nsequence 9\n')],
  ['gone', () => rmSync(file)],
  ['without its signature', () => rmSync(`${file}.sig`)],
  ['damaged', () => publish(3, ['nonsense'])],
  ['older', () => publish(1)],
])('a list that is %s leaves the former one in force, and this is recorded once', async (_, spoil) => {
  await publish(2, [NAMED]);
  using revocations = await open();
  await spoil();
  await revocations.reload();
  await revocations.reload();
  expect(revocations.verdict(CREDENTIAL)).toMatchObject({ reason: 'revoked' });
  expect(typesOf()).toEqual(['revocations.loaded', 'revocations.refused']);
  expect(events[1]?.[1]).toMatchObject({ file, kept: true });
  expect(revocations.problems).toEqual([expect.stringContaining('the former list stays')]);
});

it('an old list does not come back by a restart', async () => {
  await publish(2, [NAMED]);
  (await open())[Symbol.dispose]();
  await publish(1);
  using revocations = await open();
  expect(revocations.verdict(CREDENTIAL)).toMatchObject({ reason: 'revocations-unknown' });
  expect(revocations.problems).toEqual([expect.stringContaining('old list')]);
});

it('what was remembered of lists is never taken for nothing when it is damaged', () => {
  const book = join(directory, 'sequences.json');
  writeFileSync(book, '{}');
  expect(() => new SequenceBook(book)).toThrow('is damaged');
});
