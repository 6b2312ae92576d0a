// After the end: everything is dead, the log says so, and the receipt is signed.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '../../protocol/receipt.ts';
import { signJson } from '../../protocol/signed-json.ts';
import type { Machine } from '../machine.ts';
import { sessionDirectory } from './directory.ts';
import { type Session, scopesUsed } from './session.ts';

export const RECEIPT_FILE = 'receipt.note';

/**
 * Waits for the end of `session` and for the last of its processes, and resolves with the receipt as a signed note.
 * A log that cannot be written does not keep the people from their receipt: it then names the last good checkpoint.
 */
export async function settle(session: Session, machine: Machine): Promise<string> {
  const end = await session.ended;
  await session.inTurn(async () => undefined); // the last change of the grant comes before the end in the log
  const unfinished = await session.finished();
  const processesLeft = unfinished + session.counters.processesLeft;
  const context = { session: session.id };
  const { counters, grant } = session;

  await machine.log
    .append('session.ended', { by: end.by, reason: end.reason, cutOffMs: end.cutOffMs, processesLeft }, context)
    .catch((problem: unknown) => machine.logger.error({ session: session.id, problem }, 'the end could not be logged'));
  await machine.log.flush().catch(() => undefined); // it is told by the log itself

  const receipt: Receipt = {
    v: 1,
    grant,
    ...(session.changes.length === 0 ? {} : { grantChanges: session.changes }),
    ...(counters.helpAsked === null ? {} : { helpAsked: counters.helpAsked }),
    startedAt: session.startedAt.toISOString(),
    endedAt: end.at.toISOString(),
    endedBy: end.by,
    endReason: end.reason,
    scopesUsed: scopesUsed(session),
    shells: counters.shells,
    diagnostics: counters.diagnostics,
    ...(counters.commands.length === 0 ? {} : { commands: counters.commands }),
    ...(counters.commandsDeclined === 0 ? {} : { commandsDeclined: counters.commandsDeclined }),
    refused: session.refusals.list,
    ...(session.recordingFailed ? { recordingFailed: true } : {}),
    pauses: counters.pauses,
    bytes: { toTechnician: counters.bytesToTechnician, fromTechnician: counters.bytesFromTechnician },
    processesLeft,
    checkpoint: machine.log.checkpoint,
  };
  const note = signJson('receipt', receipt, machine.keys.signer);
  try {
    await writeFile(join(sessionDirectory(machine.home, session.id), RECEIPT_FILE), note, { mode: 0o600, flush: true });
    await machine.log.append('receipt.issued', { sha256: createHash('sha256').update(note).digest('hex') }, context);
  } catch (problem) {
    machine.logger.error({ session: session.id, problem }, 'the receipt could not be stored');
  }
  return note;
}
