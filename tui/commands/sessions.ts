// `chaperone sessions`: the technician's sessions, the latest first.

import { technicianHome } from '../../protocol/home.ts';
import { durationInWords, timeInWords } from '../records/amounts.ts';
import { receiptOf } from '../records/records-port.ts';
import { type SessionRecord, SessionStore } from '../records/sessions.ts';
import { type OutputOptions, print } from './output.ts';
import { tableLines } from './table.ts';

const ID_SHOWN = 13; // characters of a UUIDv7: its time in ms, enough to tell sessions of one technician apart
const COLUMNS = ['Session', 'Machine', 'Began', 'Length', 'Ticket', 'Allowed', 'Ending'].map((title) => ({ title }));

export function sessions(options: OutputOptions): void {
  const store = new SessionStore(technicianHome());
  const records = store.list();
  if (options.json === true) {
    print(
      options,
      records.map((record) => asJson(record, store)),
      [],
    );
    return;
  }
  const lines = tableLines(COLUMNS, records.map(row));
  print(options, null, records.length === 0 ? ['You have had no session yet: chaperone connect'] : lines);
}

function row({ grant, startedAt, endedAt, ending }: SessionRecord): string[] {
  const length = endedAt === null ? 'live' : durationInWords(Date.parse(endedAt) - Date.parse(startedAt));
  return [
    grant.session.slice(0, ID_SHOWN),
    grant.machine.name,
    timeInWords(startedAt),
    length,
    grant.ticket,
    grant.scopes.join(', '),
    ending,
  ];
}

function asJson({ grant, address, startedAt, endedAt, ending }: SessionRecord, store: SessionStore): object {
  const { session, machine, reason, ticket, asked, scopes } = grant;
  const receipt = receiptOf(store, session);
  return {
    session,
    machine,
    address,
    reason,
    ticket,
    asked,
    scopes,
    startedAt,
    endedAt,
    ending,
    receipt: receipt === null ? null : { verified: receipt.verified },
    recordings: store.recordings(session).map(({ id, bytes, file }) => ({ id, bytes, file })),
  };
}
