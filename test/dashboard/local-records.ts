// Records of past sessions that exist in memory only.

import type { ReceiptView, RecordsPort } from '../../tui/dashboard/ports.ts';

const DAY_MS = 24 * 60 * 60_000;
const SESSION = '01938a7e-0000-7000-8000-0000000000aa';
const OLDER_SESSION = '01900000-0000-7000-8000-000000000001';

export function sampleReceipt(): ReceiptView {
  return {
    verified: true,
    endedBy: 'technician',
    sections: [
      {
        title: 'Session',
        rows: [
          ['Machine', 'front-desk-2 (482 913 077)'],
          ['Technician', 'Maria Lopez, technician'],
          ['Reason', 'the printer is silent'],
        ],
      },
      {
        title: 'Log of the machine',
        rows: [
          ['Entries', '57'],
          ['Root', 'z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=='],
        ],
      },
    ],
  };
}

export function localRecords(): RecordsPort {
  return {
    machines: async () => [
      {
        name: 'front-desk-2',
        connectionId: '482913077',
        address: '482913077',
        fingerprint: null,
        lastSession: Date.now() - DAY_MS,
        sessions: 3,
      },
      {
        name: 'lab-pc',
        connectionId: null,
        address: 'lab-pc.example:2200',
        fingerprint: null,
        lastSession: null,
        sessions: 1,
      },
    ],
    sessions: async () => [
      {
        id: SESSION,
        machine: 'front-desk-2',
        startedAt: Date.now() - DAY_MS,
        endedAt: Date.now() - DAY_MS + 600_000,
        reason: 'the printer is silent',
        ticket: 'T-1041',
        ending: 'ended by the local user',
        recordings: [{ id: 'shell-1.cast', bytes: 1234 }],
      },
      {
        id: OLDER_SESSION,
        machine: 'lab-pc',
        startedAt: Date.now() - 2 * DAY_MS,
        endedAt: Date.now() - 2 * DAY_MS + 600_000,
        reason: 'the scanner is silent',
        ticket: 'T-1040',
        ending: 'the person at the machine ended the session',
        recordings: [],
      },
    ],
    receipt: async () => sampleReceipt(),
    audit: async () => [
      {
        seq: 7,
        time: new Date(0).toISOString(),
        type: 'connection.opened',
        severity: 'info',
        fields: { machine: 'front-desk-2', address: '192.0.2.7:2200' },
      },
      {
        seq: 8,
        time: new Date(1000).toISOString(),
        type: 'code.wrong',
        severity: 'warning',
        fields: { attemptsLeft: 2 },
      },
    ],
    recording: async () => ({ doubt: null, bytes: recording() }),
    onChange: () => ({ [Symbol.dispose]: () => {} }),
  };
}

async function* recording(): AsyncIterable<Uint8Array> {
  yield Buffer.from('{"version": 2, "width": 50, "height": 8, "timestamp": 1700000000}\n');
  for (let step = 0; step < 100; step += 1) {
    yield Buffer.from(`${JSON.stringify([step * 0.5, 'o', `\x1b[${31 + (step % 6)}mstep ${step} 漢字\x1b[0m\r\n`])}\n`);
    if (step === 40) yield Buffer.from('[20.1, "m", "halfway"]\n');
  }
}
