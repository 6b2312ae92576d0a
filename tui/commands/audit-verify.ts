// `chaperone audit verify`: recomputes a log from its entries, says where it was changed, and holds it against every
// checkpoint that came here on a receipt: only an outside copy shows that the end of a log was cut off.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { leafOrderCheck } from '../../protocol/audit/envelope.ts';
import { EXIT, UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import { LogFormatError } from '../../protocol/log/errors.ts';
import { readCheckpoint } from '../../protocol/log/reader.ts';
import { type VerifyResult, verifyLog } from '../../protocol/log/verify.ts';
import { MachineBook } from '../records/machines.ts';
import { OwnLog } from '../records/own-log.ts';
import { openReceipt } from '../records/receipt-view.ts';
import { SessionStore } from '../records/sessions.ts';
import { type OutputOptions, print, say } from './output.ts';

const OUR_LOGS = 'chaperone/'; // how the origins of logs with our own entries begin
const PROGRESS_FROM = 20_000; // entries; smaller logs are done before anyone looks

export interface VerifyAuditOptions extends OutputOptions {
  readonly key?: string;
}

/** Exit code 5 when anything does not fit, 2 when all fits but no key is known that should have signed it. */
export async function verifyAudit(directory: string | undefined, options: VerifyAuditOptions): Promise<void> {
  const home = technicianHome();
  const own = new OwnLog(home);
  const log = resolve(directory ?? own.directory);
  if (!existsSync(log)) {
    throw new UsageError(
      `there is no record at ${log}`,
      directory === undefined ? 'it begins with your first connection' : 'name the directory that holds the checkpoint',
    );
  }
  const origin = await originOf(log);
  const key =
    options.key ?? (log === resolve(own.directory) ? own.verifierKey : new MachineBook(home).keyNamed(origin));
  const anchors = receiptCheckpoints(home, key);
  const result = await verifyLog(log, {
    ...(key === null ? {} : { verifierKeys: [key] }),
    anchors,
    ...(origin?.startsWith(OUR_LOGS) === false ? {} : { checkEntry: leafOrderCheck() }),
    onProgress: showProgress,
  });
  const verified = result.ok && key !== null;
  if (!verified) {
    // Nothing is wrong with a record whose key is not known here: it was not said whose it should be.
    process.exitCode = result.ok ? EXIT.usage : EXIT.verification;
  }
  print(options, asJson(log, verified, result, anchors.length), describe(log, result, anchors.length, key));
}

/** Null when there is no readable checkpoint; what is wrong with it is then a finding. */
async function originOf(log: string): Promise<string | null> {
  try {
    return (await readCheckpoint(log))?.origin ?? null;
  } catch (error) {
    if (error instanceof LogFormatError) {
      return null;
    }
    throw error;
  }
}

/** What receipts of the log with this key say about it. */
function receiptCheckpoints(home: string, key: string | null): string[] {
  const store = new SessionStore(home);
  return store.list().flatMap(({ grant, machineKey }) => {
    const note = machineKey === key ? store.receiptNote(grant.session) : null;
    const opened = note === null ? null : openReceipt(note, machineKey, grant.session);
    return opened === null || opened.problem !== null ? [] : [opened.receipt.checkpoint];
  });
}

function showProgress({ entries, size }: { readonly entries: number; readonly size: number }): void {
  if (process.stderr.isTTY === true && size >= PROGRESS_FROM) {
    process.stderr.write(entries >= size ? '\r\x1b[K' : `\r${Math.floor((100 * entries) / size)} % of ${size} entries`);
  }
}

function asJson(log: string, verified: boolean, result: VerifyResult, receipts: number): object {
  const { size, root, checkpoint, signedBy, findings, omitted, notes } = result;
  const rootText = root === null ? null : Buffer.from(root).toString('base64');
  const origin = checkpoint?.origin ?? null;
  return { directory: log, verified, origin, size, root: rootText, signedBy, receipts, findings, omitted, notes };
}

function describe(log: string, result: VerifyResult, receipts: number, key: string | null): string[] {
  const { ok, size, signedBy, findings, omitted, notes } = result;
  const lines = findings.map((finding) => `  ${withPlace(finding)}`);
  const entries = size === 1 ? '1 entry' : `${size} entries`;
  const rest = notes.map((note) => `Note: ${withPlace(note)}`);
  if (!ok) {
    return [`THE RECORD DOES NOT VERIFY: ${log}`, ...lines, ...(omitted > 0 ? [`  and ${omitted} more`] : []), ...rest];
  }
  if (key === null) {
    say('the key of this log is not known here: give it with --key; `chaperoned status` on the machine prints it');
    return [`The record fits together, but its signature was not checked: ${entries} in ${log}.`, ...rest];
  }
  return [
    `The record is whole: ${entries} in ${log}.`,
    `Signed by ${signedBy.join(', ')}.`,
    ...(receipts > 0 ? [`It contains what ${receipts} receipt${receipts === 1 ? '' : 's'} saw.`] : []),
    ...rest,
  ];
}

interface Found {
  readonly index?: number;
  readonly file?: string;
  readonly message: string;
}

function withPlace({ index, file, message }: Found): string {
  const places = [
    index === undefined ? '' : `entry ${index}`,
    file === undefined || message.includes(file) ? '' : file,
  ];
  return [...places.filter((place) => place !== ''), message].join(': ');
}
