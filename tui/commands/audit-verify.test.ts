import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newBodyKey, sealLeaf } from '../../protocol/audit/envelope.ts';
import { openLog } from '../../protocol/log/log.ts';
import { generateSignerKey, type NoteSigner, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { TestMachine } from '../connection/test-machine.ts';
import { TestTechnician } from '../connection/test-technician.ts';
import { TestProgram } from './test-program.ts';

const SAMPLE = join(import.meta.dirname, '../../test/fixtures/tlog');
const SAMPLE_KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

let stack: AsyncDisposableStack;
let technician: TestTechnician;
let program: TestProgram;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  technician = stack.use(new TestTechnician());
  program = new TestProgram(technician.home);
});
afterEach(() => stack.disposeAsync());

const newSigner = (): NoteSigner => parseSignerKey(generateSignerKey('chaperone/machine/482913077').signerKey);

/** A machine's log with so many entries; returns its checkpoint. */
async function writeLog(directory: string, signer: NoteSigner, size: number, words = 'started'): Promise<string> {
  await using log = await openLog(directory, signer, { origin: signer.name });
  for (let seq = 0; seq < size; seq += 1) {
    const header = {
      seq,
      time: new Date(Date.UTC(2026, 10, 22, 10, 0, seq)).toISOString(),
      session: null,
      actor: null,
    };
    await log.append(sealLeaf(header, 'daemon.stopped', { reason: `${words} ${seq}` }, newBodyKey()));
  }
  await log.flush(); // the newest checkpoint is signed a moment after the last entry
  return log.checkpoint;
}

describe('any C2SP log', () => {
  it('verifies with its key', async () => {
    const { code, out } = await program.runHere(['audit', 'verify', SAMPLE, '--key', SAMPLE_KEY, '--json']);
    expect(JSON.parse(out)).toMatchObject({ verified: true, origin: 'example.com/log/testdata', size: 15 });
    expect(code).toBe(0);
  });

  it('is not vouched for without a key', async () => {
    const { code, out, err } = await program.runHere(['audit', 'verify', SAMPLE]);
    expect(out).toContain('signature was not checked');
    expect(err).toContain('the key of this log is not known here: give it with --key');
    expect(code).toBe(2); // which is not to say that it does not verify
  });

  it('does not verify with the key of another', async () => {
    const { code } = await program.runHere(['audit', 'verify', SAMPLE, '--key', newSigner().verifier.key]);
    expect(code).toBe(5);
  });
});

describe('a machine’s log against the receipts known here', () => {
  let signer: NoteSigner;
  let whole: string;

  beforeEach(async () => {
    signer = newSigner();
    whole = join(program.home, 'whole');
    const checkpoint = await writeLog(whole, signer, 5);
    const there = stack.use(await TestMachine.start({ signer }));
    const original = there.receiptNote.bind(there);
    there.receiptNote = () => original({ checkpoint });
    await (await technician.connect(there.address)).end();
  });

  it('is whole when it holds what they saw', async () => {
    const { code, out } = await program.runHere(['audit', 'verify', whole]);
    expect(out).toContain('It contains what 1 receipt saw.');
    expect(code).toBe(0);
  });

  it('whose end was cut off is found out', async () => {
    const cut = join(program.home, 'cut');
    await writeLog(cut, signer, 3);
    const { code, out } = await program.runHere(['audit', 'verify', cut]);
    expect(out).toContain('its end was cut off');
    expect(code).toBe(5);
  });

  it('that was written anew by whoever holds its key is found out', async () => {
    const forged = join(program.home, 'forged');
    await writeLog(forged, signer, 9, 'something else');
    const { code, out } = await program.runHere(['audit', 'verify', forged]);
    expect(out).toContain('has another root');
    expect(code).toBe(5);
  });

  it('of another machine is not measured by them', async () => {
    const other = join(program.home, 'other');
    const stranger = parseSignerKey(generateSignerKey('chaperone/machine/735004124').signerKey);
    await writeLog(other, stranger, 2);
    cpSync(other, join(program.home, 'copy'), { recursive: true });
    const { code } = await program.runHere([
      'audit',
      'verify',
      join(program.home, 'copy'),
      '--key',
      stranger.verifier.key,
    ]);
    expect(code).toBe(0);
  });
});
