// `chaperoned status`: how the daemon is and who is connected.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import type { MachineStatus } from '../local/controls.ts';
import { recordingInWords, scopesInWords, stateInWords, timeOfDay, whoIs } from '../prompt/words.ts';
import { withDaemon } from './daemon-client.ts';
import { type OutputOptions, print } from './output.ts';

export async function status(options: OutputOptions): Promise<void> {
  const found = await withDaemon((client) => client.status());
  print(options, found, describe(found));
}

function describe({
  machine,
  version,
  pid,
  listen,
  hostKey,
  machineKey,
  prompters,
  asking,
  sessions,
  log,
  policy,
  lacks = [],
  presence,
  lease,
}: MachineStatus): string[] {
  const lines = [
    `Chaperone ${version} runs on ${machine.name} (${formatConnectionId(machine.id)}), process ${pid}`,
    `Reached at:       ${listen.join(', ')}`,
    `Host key:         ${hostKey}`,
    `Key of the log:   ${machineKey}`,
    `Record:           ${log.size} entries${log.healthy ? '' : ', CANNOT BE WRITTEN: nobody is let in'}`,
    `Questions appear: ${prompters.length === 0 ? 'nowhere; open a window for them: chaperoned prompt' : prompters.join(', ')}`,
  ];
  lines.push(`Whether you are here: ${presenceInWords(presence)}`);
  for (const note of [...policy.notes, ...lacks]) lines.push(`PLEASE NOTE:      ${note}`);
  if (lease !== null && lease !== undefined) {
    lines.push(
      `AFTER A RESTART:  ${lease.technician} may come back once until ${timeOfDay(lease.until)}; to forbid it: chaperoned end`,
    );
  }
  if (asking !== null) lines.push(`Asking now:       ${whoIs(asking.technician)}, until ${timeOfDay(asking.until)}`);
  if (sessions.length === 0) lines.push('Nobody is connected.');
  for (const session of sessions) {
    lines.push(
      `${whoIs(session.technician)}: ${stateInWords(session)}`,
      `  session ${session.id}`,
      `  since ${timeOfDay(session.startedAt)}, until ${timeOfDay(session.expiresAt)} at the latest; ${recordingInWords(session)}`,
      `  can: ${scopesInWords(session.scopes)}`,
      `  reason: ${session.reason} (ticket ${session.ticket})`,
    );
  }
  return lines;
}

/** Honest where nothing tells: a session then goes on although nobody sits here. */
function presenceInWords(presence: MachineStatus['presence']): string {
  if (presence === undefined || presence.known.length === 0) {
    return 'not known; sessions are not paused when you leave or lock the screen';
  }
  return `${presence.absence ?? 'yes, so far as can be told'} (told by ${presence.known.join(', ')})`;
}
