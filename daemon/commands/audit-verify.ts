// `chaperoned audit verify`: recomputes the record from its entries and says where it was changed.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { leafOrderCheck } from '../../protocol/audit/envelope.ts';
import { EXIT, UsageError } from '../../protocol/errors.ts';
import { machineHome } from '../../protocol/home.ts';
import { parseSignerKey } from '../../protocol/log/note-keys.ts';
import { type VerifyResult, verifyLog } from '../../protocol/log/verify.ts';
import { Receipt } from '../../protocol/receipt.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { type OutputOptions, print } from './output.ts';

const RECEIPTS_MAX = 10_000; // years of sessions

export interface VerifyAuditOptions extends OutputOptions {
  /** C2SP verifier key of the machine; without it the key beside the log is taken. */
  readonly key?: string;
}

/**
 * Verifies the log in `directory` (the machine's own by default) with the machine's key, against the checkpoints on
 * the receipts beside it. Exit code 5 when anything does not fit.
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
  const anchors = key === null ? [] : checkpointsOnReceipts(log, key);
  const result = await verifyLog(log, {
    ...(key === null ? {} : { verifierKeys: [key] }),
    anchors,
    checkEntry: leafOrderCheck(),
  });
  if (!result.ok) process.exitCode = EXIT.verification;
  print(options, asJson(log, result, anchors.length), describe(log, result, anchors.length));
}

function keyBeside(log: string): string | null {
  const file = join(dirname(log), 'identity', 'log.key');
  return existsSync(file) ? parseSignerKey(readFileSync(file, 'utf8')).verifier.key : null;
}

/** A receipt shows a state of the log that it must still contain: a log that was rolled back does not. */
function checkpointsOnReceipts(log: string, key: string): string[] {
  const sessions = join(dirname(log), 'sessions');
  if (!existsSync(sessions)) return [];
  const checkpoints: string[] = [];
  for (const name of readdirSync(sessions).sort().slice(-RECEIPTS_MAX)) {
    const file = join(sessions, name, 'receipt.note');
    if (!existsSync(file)) continue;
    try {
      checkpoints.push(openSignedJson('receipt', Receipt, readFileSync(file, 'utf8'), key).checkpoint);
    } catch {
      // A damaged receipt proves nothing about the log; `chaperone receipt` is what checks receipts.
    }
  }
  return checkpoints;
}

function asJson(log: string, result: VerifyResult, receipts: number): object {
  const { ok, size, root, signedBy, findings, omitted, notes } = result;
  const rootText = root === null ? null : Buffer.from(root).toString('base64');
  return { directory: log, ok, size, root: rootText, signedBy, receipts, findings, omitted, notes };
}

function describe(
  log: string,
  { ok, size, signedBy, findings, omitted, notes }: VerifyResult,
  receipts: number,
): string[] {
  const place = ({ index, file }: { readonly index?: number; readonly file?: string }): string =>
    [index === undefined ? '' : `entry ${index}`, file ?? ''].filter((part) => part !== '').join(', ');
  const lines = ok
    ? [
        `The record is whole: ${size} entries in ${log}.`,
        ...(signedBy.length > 0 ? [`Signed by ${signedBy.join(', ')}.`] : []),
        ...(receipts > 0 ? [`It contains what ${receipts} receipt${receipts === 1 ? '' : 's'} saw.`] : []),
      ]
    : [
        `THE RECORD DOES NOT VERIFY: ${log}`,
        ...findings.map((finding) => `  ${place(finding)}: ${finding.message}`),
        ...(omitted > 0 ? [`  and ${omitted} more`] : []),
      ];
  return [
    ...lines,
    ...notes.map((note) => `Note: ${[place(note), note.message].filter((part) => part !== '').join(': ')}`),
  ];
}
