// `chaperoned audit verify`: recomputes the record from its entries, holds the recordings against it, and says
// what was changed.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { leafOrderCheck } from '../../protocol/audit/envelope.ts';
import { EXIT, UsageError } from '../../protocol/errors.ts';
import { machineHome } from '../../protocol/home.ts';
import { parseSignerKey } from '../../protocol/log/note-keys.ts';
import { type VerifyResult, verifyLog } from '../../protocol/log/verify.ts';
import { Receipt } from '../../protocol/receipt.ts';
import { type CheckedRecordings, RecordingCheck, recordingLines } from '../../protocol/recording/recording-check.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { type OutputOptions, print } from './output.ts';

const RECEIPTS_MAX = 10_000; // years of sessions

export interface VerifyAuditOptions extends OutputOptions {
  /** C2SP verifier key of the machine; without it the key beside the log is taken. */
  readonly key?: string;
}

/**
 * Verifies the log in `directory` (the machine's own by default) with the machine's key, against the checkpoints on
 * the receipts beside it, and the recordings beside it against the log. Exit code 5 when anything does not fit; a
 * recording that is not there any more is said, and no reason to doubt the log.
 */
export async function verifyAudit(directory: string | undefined, options: VerifyAuditOptions): Promise<void> {
  const log = resolve(directory ?? join(machineHome(), 'audit'));
  if (!existsSync(log)) {
    throw new UsageError(
      `there is no record at ${log}`,
      'name its directory, or start the daemon once: chaperoned start',
    );
  }
  const key = options.key ?? keyBeside(log);
  const receipts = key === null ? [] : receiptsBeside(log, key);
  const check = new RecordingCheck(log);
  const inOrder = leafOrderCheck();
  const result = await verifyLog(log, {
    ...(key === null ? {} : { verifierKeys: [key] }),
    anchors: receipts.map(({ checkpoint }) => checkpoint),
    checkEntry: (entry, index) => {
      check.entry(entry);
      return inOrder(entry, index);
    },
  });
  for (const receipt of receipts) check.receipt(receipt);
  const found: Verified = { log, result, receipts: receipts.length, recordings: await check.compare() };
  if (!isWhole(found)) process.exitCode = EXIT.verification;
  print(options, asJson(found), describe(found));
}

function keyBeside(log: string): string | null {
  const file = join(dirname(log), 'identity', 'log.key');
  return existsSync(file) ? parseSignerKey(readFileSync(file, 'utf8')).verifier.key : null;
}

/** A receipt shows a state of the log that it must still contain: a log that was rolled back does not. */
function receiptsBeside(log: string, key: string): Receipt[] {
  const sessions = join(dirname(log), 'sessions');
  if (!existsSync(sessions)) return [];
  const receipts: Receipt[] = [];
  for (const name of readdirSync(sessions).sort().slice(-RECEIPTS_MAX)) {
    const file = join(sessions, name, 'receipt.note');
    if (!existsSync(file)) continue;
    try {
      receipts.push(openSignedJson('receipt', Receipt, readFileSync(file, 'utf8'), key));
    } catch {
      // A damaged receipt proves nothing about the log; `chaperone receipt` is what checks receipts.
    }
  }
  return receipts;
}

interface Verified {
  readonly log: string;
  readonly result: VerifyResult;
  readonly receipts: number;
  readonly recordings: CheckedRecordings | null;
}

function isWhole({ result, recordings }: Verified): boolean {
  return result.ok && (recordings === null || recordings.changed.length === 0);
}

function asJson(found: Verified): object {
  const { log, receipts, recordings } = found;
  const { size, root, signedBy, findings, omitted, notes } = found.result;
  const rootText = root === null ? null : Buffer.from(root).toString('base64');
  const ok = isWhole(found);
  return { directory: log, ok, size, root: rootText, signedBy, receipts, recordings, findings, omitted, notes };
}

function describe(found: Verified): string[] {
  const { log, receipts, recordings, result } = found;
  const { size, signedBy, findings, omitted, notes } = result;
  const place = ({ index, file }: { readonly index?: number; readonly file?: string }): string =>
    [index === undefined ? '' : `entry ${index}`, file ?? ''].filter((part) => part !== '').join(', ');
  const { intact, changed, notes: ofRecordings } = recordingLines(recordings);
  const lines = isWhole(found)
    ? [
        `The record is whole: ${size === 1 ? '1 entry' : `${size} entries`} in ${log}.`,
        ...(signedBy.length > 0 ? [`Signed by ${signedBy.join(', ')}.`] : []),
        ...(receipts > 0 ? [`It contains what ${receipts} receipt${receipts === 1 ? '' : 's'} saw.`] : []),
        ...intact,
      ]
    : [
        `THE RECORD DOES NOT VERIFY: ${log}`,
        ...findings.map((finding) => `  ${place(finding)}: ${finding.message}`),
        ...(omitted > 0 ? [`  and ${omitted} more`] : []),
        ...changed,
      ];
  return [
    ...lines,
    ...notes.map((note) => `Note: ${[place(note), note.message].filter((part) => part !== '').join(': ')}`),
    ...ofRecordings,
  ];
}
