// `chaperone audit verify`: recomputes a log from its entries, says where it was changed, and holds it against every
// checkpoint that came here on a receipt: only an outside copy shows that the end of a log was cut off. The recordings
// beside the log are held against what it says of them.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { leafOrderCheck } from '../../protocol/audit/envelope.ts';
import { EXIT, UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import { LogFormatError } from '../../protocol/log/errors.ts';
import { readCheckpoint } from '../../protocol/log/reader.ts';
import { type VerifyResult, verifyLog } from '../../protocol/log/verify.ts';
import { type CheckedRecordings, RecordingCheck, recordingLines } from '../../protocol/recording/recording-check.ts';
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
  const isOurs = origin?.startsWith(OUR_LOGS) !== false;
  const check = new RecordingCheck(log);
  const inOrder = leafOrderCheck();
  const result = await verifyLog(log, {
    ...(key === null ? {} : { verifierKeys: [key] }),
    anchors,
    ...(isOurs
      ? {
          checkEntry: (entry, index) => {
            check.entry(entry);
            return inOrder(entry, index);
          },
        }
      : {}),
    onProgress: showProgress,
  });
  const recordings = isOurs ? await check.compare() : null;
  const found: Verified = { log, result, receipts: anchors.length, key, recordings };
  if (!isWhole(found)) process.exitCode = EXIT.verification;
  // Nothing is wrong with a record whose key is not known here: it was not said whose it should be.
  else if (key === null) process.exitCode = EXIT.usage;
  print(options, asJson(found), describe(found));
}

interface Verified {
  readonly log: string;
  readonly result: VerifyResult;
  /** How many receipts it was held against. */
  readonly receipts: number;
  readonly key: string | null;
  readonly recordings: CheckedRecordings | null;
}

function isWhole({ result, recordings }: Verified): boolean {
  return result.ok && (recordings === null || recordings.changed.length === 0);
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

function asJson(found: Verified): object {
  const { log, receipts, key, recordings } = found;
  const { size, root, checkpoint, signedBy, findings, omitted, notes } = found.result;
  const rootText = root === null ? null : Buffer.from(root).toString('base64');
  const origin = checkpoint?.origin ?? null;
  const verified = isWhole(found) && key !== null;
  return {
    ...{ directory: log, verified, origin, size, root: rootText, signedBy, receipts },
    ...{ recordings, findings, omitted, notes },
  };
}

function describe(found: Verified): string[] {
  const { log, receipts, key, recordings } = found;
  const { size, signedBy, findings, omitted, notes } = found.result;
  const { intact, changed, notes: ofRecordings } = recordingLines(recordings);
  const lines = findings.map((finding) => `  ${withPlace(finding)}`);
  const entries = size === 1 ? '1 entry' : `${size} entries`;
  const rest = [...notes.map((note) => `Note: ${withPlace(note)}`), ...ofRecordings];
  if (!isWhole(found)) {
    const more = omitted > 0 ? [`  and ${omitted} more`] : [];
    return [`THE RECORD DOES NOT VERIFY: ${log}`, ...lines, ...more, ...changed, ...rest];
  }
  if (key === null) {
    say('the key of this log is not known here: give it with --key; `chaperoned status` on the machine prints it');
    return [`The record fits together, but its signature was not checked: ${entries} in ${log}.`, ...intact, ...rest];
  }
  return [
    `The record is whole: ${entries} in ${log}.`,
    `Signed by ${signedBy.join(', ')}.`,
    ...(receipts > 0 ? [`It contains what ${receipts} receipt${receipts === 1 ? '' : 's'} saw.`] : []),
    ...intact,
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
