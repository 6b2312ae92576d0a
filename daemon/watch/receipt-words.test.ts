import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../protocol/receipt.ts';
import { receiptSentences } from './receipt-words.ts';

const receipt: Receipt = {
  v: 1,
  grant: {
    v: 1,
    session: '01890a5d-ac96-774b-bcce-b302099a8057',
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician: {
      name: 'Dana Roe',
      role: 'technician',
      phone: '+1 555 0100',
      organisation: 'Clinic IT',
      keyFingerprint: `SHA256:${'A'.repeat(43)}`,
      verifiedBy: 'listed',
    },
    reason: 'the printer',
    ticket: 'T-1001',
    asked: ['diagnostics', 'shell'],
    scopes: ['diagnostics', 'shell'],
    grantedAt: '2026-11-22T10:00:00.000Z',
    expiresAt: '2026-11-22T12:00:00.000Z',
    recorded: { output: true, input: false },
    containment: 'tree',
    sandboxed: false,
  },
  startedAt: '2026-11-22T10:00:00.000Z',
  endedAt: '2026-11-22T10:27:00.000Z',
  endedBy: 'local user',
  helpAsked: 'the printer stays blank',
  endReason: 'the person at the machine ended the session',
  scopesUsed: ['shell'],
  shells: [
    {
      number: 0,
      program: '/bin/bash',
      openedAt: '2026-11-22T10:01:00.000Z',
      closedAt: '2026-11-22T10:27:00.000Z',
      exitCode: null,
      signal: 'KILL',
      bytesOut: 1_234_567,
      bytesIn: 345,
      recording: { file: 'shell-0.cast', bytes: 100, sha256: 'a'.repeat(64) },
    },
  ],
  diagnostics: [{ id: 'memory', startedAt: '2026-11-22T10:02:00.000Z', outcome: 'timeout' }],
  refused: [
    { what: 'subsystem sftp', count: 2 },
    { what: 'control shell.suggest', count: 1 },
    { what: 'scope.request reboot', count: 1 },
  ],
  pauses: 1,
  bytes: { toTechnician: 1_240_000, fromTechnician: 400 },
  processesLeft: 0,
  checkpoint: 'x',
};

describe('the receipt in plain words', () => {
  it('says how often the person said no to a command', () => {
    expect(receiptSentences(receipt).join()).not.toContain('said no');
    expect(receiptSentences({ ...receipt, commandsDeclined: 1 })).toContain(
      'You said no to a command that they suggested.',
    );
    expect(receiptSentences({ ...receipt, commandsDeclined: 3 })).toContain(
      'You said no to 3 commands that they suggested.',
    );
  });

  it('does not say that all is recorded when the recording stopped working', () => {
    expect(receiptSentences(receipt)).toContain('What they saw is recorded.');
    const failed = receiptSentences({ ...receipt, recordingFailed: true }).join('\n');
    expect(failed).toContain('not all that they saw is recorded');
    expect(failed).not.toContain('What they saw is recorded.');
  });

  it('says who, how long, how it ended, what was used and what was refused', () => {
    const text = receiptSentences(receipt).join('\n');
    for (const words of [
      'Dana Roe (technician, Clinic IT) was connected',
      '(27 minutes)',
      'How it ended: you ended it.',
      'the printer (ticket T-1001)',
      'You had asked for help: the printer stays blank',
      'You allowed them to: run health checks, type commands.',
      'They used: type commands.',
      'typed 345 bytes',
      'Health checks: Memory (took too long).',
      'Refused, because it was not allowed: subsystem sftp (2 times).',
      'Refused, because it was not allowed: suggest commands (once).',
      'They asked, in vain, to: restart and return (once).',
      'It was paused once.',
      'They were sent 1.2 MB and sent 400 bytes.',
      'Nothing that they started is still running.',
      'not walled off',
    ]) {
      expect(text).toContain(words);
    }
  });

  it.each([
    ['technician', 'the technician has finished', 'the technician has finished.'],
    ['technician', 'the technician ended the session', 'the technician ended it.'],
    ['connection', 'the connection to the technician was lost', 'the connection was lost.'],
    ['machine', 'no permission is left', 'this computer ended it (no permission is left).'],
  ] as const)('says once how it ended: %s, %s', (endedBy, endReason, words) => {
    expect(receiptSentences({ ...receipt, endedBy, endReason })).toContain(`How it ended: ${words}`);
  });

  it('says when little happened, and when something is wrong', () => {
    const quiet = { ...receipt, shells: [], diagnostics: [], refused: [], scopesUsed: [], pauses: 0, processesLeft: 2 };
    const text = receiptSentences(quiet).join('\n');
    for (const words of [
      'They typed no commands.',
      'They ran no health checks.',
      'They used: nothing.',
      'ATTENTION: 2 program(s)',
    ]) {
      expect(text).toContain(words);
    }
  });
});
