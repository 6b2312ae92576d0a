// A receipt made ready to read, with the one thing that matters first: whether the machine's signature holds.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { diagnosticTitle } from '../../protocol/diagnostic-names.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { type Checkpoint, verifyCheckpoint } from '../../protocol/log/checkpoint.ts';
import { parseVerifierKey } from '../../protocol/log/note-keys.ts';
import { Receipt } from '../../protocol/receipt.ts';
import { rolesOf, type TechnicianIdentity } from '../../protocol/request.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { cleanJson } from '../connection/door.ts';
import type { ReceiptView } from '../dashboard/ports.ts';
import { bytesInWords, durationInWords, timeInWords } from './amounts.ts';

/** A reason that only repeats who ended it. */
const SAYS_WHO = /^$|^the (person at the machine|technician) ended the session$/;

export type OpenedReceipt =
  | { readonly problem: null; readonly receipt: Receipt; readonly checkpoint: Checkpoint }
  | { readonly problem: string };

/** Opens `note` if `machineKey` signed it, the session is the one meant (null: any), and the checkpoint in it is the machine's too. */
export function openReceipt(note: string, machineKey: string, session: string | null): OpenedReceipt {
  try {
    const receipt = Receipt.parse(cleanJson(openSignedJson('receipt', Receipt, note, machineKey)));
    if (session !== null && receipt.grant.session !== session) {
      return { problem: 'it is the receipt of another session' };
    }
    const checkpoint = verifyCheckpoint(receipt.checkpoint, [parseVerifierKey(machineKey)]);
    return { problem: null, receipt, checkpoint };
  } catch (error) {
    return { problem: error instanceof ChaperoneError ? error.message : 'it cannot be read' };
  }
}

export function receiptView(note: string, machineKey: string, session: string | null): ReceiptView {
  const opened = openReceipt(note, machineKey, session);
  if (opened.problem !== null) {
    return { verified: { problem: opened.problem }, endedBy: null, sections: [] };
  }
  const { receipt, checkpoint } = opened;
  return {
    verified: true,
    endedBy: receipt.endedBy,
    sections: [who(receipt), allowed(receipt), time(receipt), ...done(receipt), log(checkpoint)],
  };
}

type Section = ReceiptView['sections'][number];

function who({ grant }: Receipt): Section {
  const { machine, technician } = grant;
  return {
    title: 'Session',
    rows: [
      ['Session', grant.session],
      ['Machine', `${machine.name} (${formatConnectionId(machine.id)})`],
      ['Technician', [technician.name, rolesOf(technician).join(' and '), technician.phone ?? 'no phone'].join(', ')],
      ['Key', technician.keyFingerprint],
      ...certificateRows(technician),
      ['Reason', grant.reason],
      ['Ticket', grant.ticket],
    ],
  };
}

function certificateRows({ certificate, organisation }: TechnicianIdentity): [string, string][] {
  return certificate === undefined
    ? [['Verified by', 'nobody: the key is listed in the policy of the machine']]
    : [
        [
          'Verified by',
          `${organisation ?? 'an organisation'}, certificate ${certificate.serial}, CA ${certificate.ca}`,
        ],
      ];
}

function allowed({ grant, scopesUsed, grantChanges = [] }: Receipt): Section {
  return {
    title: 'Permissions',
    rows: [
      ['Asked', listed(grant.asked)],
      [grantChanges.length === 0 ? 'Allowed' : 'Allowed at the end', listed(grant.scopes)],
      ...grantChanges.map(({ at, by, added, withdrawn }): [string, string] => [
        timeInWords(at),
        added.length > 0 ? `added: ${listed(added)} (${by})` : `withdrawn: ${listed(withdrawn)} (${by})`,
      ]),
      ['Used', listed(scopesUsed)],
      ['Sandbox', grant.sandboxed ? 'yes' : 'no'],
    ],
  };
}

function time(receipt: Receipt): Section {
  const { startedAt, endedAt, endedBy, endReason, pauses, bytes, processesLeft, recordingFailed } = receipt;
  return {
    title: 'Course',
    rows: [
      ['From', timeInWords(startedAt)],
      ['To', timeInWords(endedAt)],
      ['Length', durationInWords(Date.parse(endedAt) - Date.parse(startedAt))],
      ['Ended by', SAYS_WHO.test(endReason) ? endedBy : `${endedBy} (${endReason})`],
      ['Pauses', String(pauses)],
      ...(recordingFailed === true ? ([['Recording', 'FAILED; its end is missing']] as const) : []),
      ['To technician', bytesInWords(bytes.toTechnician)],
      ['From technician', bytesInWords(bytes.fromTechnician)],
      ['Processes left', String(processesLeft)],
    ],
  };
}

function done({ shells, diagnostics, commands = [], commandsDeclined = 0, refused }: Receipt): Section[] {
  const sections: Section[] = [
    {
      title: 'Shells',
      rows: shells.map((shell) => [
        `Shell ${shell.number}`,
        `${shell.program}, ${durationInWords(Date.parse(shell.closedAt) - Date.parse(shell.openedAt))}, ` +
          `${bytesInWords(shell.bytesOut)} shown, recording sha256:${shell.recording.sha256}`,
      ]),
    },
    {
      title: 'Health checks',
      rows: diagnostics.map((run) => [diagnosticTitle(run.id), `${run.outcome}, ${timeInWords(run.startedAt)}`]),
    },
    {
      title: 'Suggested commands that ran',
      rows: commands.map((run): [string, string] => [
        `Command ${run.number}`,
        `${run.command}: ${run.outcome}${run.exitCode === null ? '' : `, status ${run.exitCode}`}, recording sha256:${run.recording.sha256}`,
      ]),
    },
    {
      title: 'Suggested commands that did not run',
      rows: commandsDeclined === 0 ? [] : [['Declined by the person', `${commandsDeclined} ×`]],
    },
    { title: 'Refused', rows: refused.map(({ what, count }) => [what, `${count} ×`]) },
  ];
  return sections.filter((section) => section.rows.length > 0);
}

function log(checkpoint: Checkpoint): Section {
  return {
    title: 'Log of the machine',
    rows: [
      ['Origin', checkpoint.origin],
      ['Entries', String(checkpoint.size)],
      ['Root', Buffer.from(checkpoint.root).toString('base64')],
    ],
  };
}

function listed(scopes: readonly Scope[]): string {
  return scopes.length === 0 ? 'none' : scopes.join(', ');
}
