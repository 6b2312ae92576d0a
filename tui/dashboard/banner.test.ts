import { describe, expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import { bannerRows } from './banner.ts';
import type { SessionSnapshot } from './ports.ts';

const NOW = 1_000_000_000_000;

const session: SessionSnapshot = {
  state: 'active',
  because: '',
  grant: {
    v: 1,
    session: '01938a7e-0000-7000-8000-000000000000',
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician: {
      name: 'Maria Lopez',
      role: 'technician',
      phone: '555',
      organisation: null,
      keyFingerprint: `SHA256:${'A'.repeat(43)}`,
      verifiedBy: 'listed',
    },
    reason: 'printer',
    ticket: 'T-1',
    asked: ['diagnostics', 'shell'],
    scopes: ['diagnostics', 'shell'],
    grantedAt: '2026-11-22T10:00:00Z',
    expiresAt: '2026-11-22T11:00:00Z',
    recorded: { output: true, input: false },
    containment: 'tree',
    sandboxed: false,
  },
  startedAt: NOW,
  until: NOW + 1_781_000,
  endedAt: null,
  recording: 'on',
  receipt: null,
};

const plain = (change: Partial<SessionSnapshot>, cols: number) =>
  bannerRows({ ...session, ...change }, cols, NOW).map(unstyled);

describe('the consent banner says who, what, how long and whether it is recorded', () => {
  it('at 60 columns', () => {
    expect(plain({}, 60)).toEqual([
      ' ● LIVE front-desk-2 (482 913 077)               29:41 left ',
      ' Allowed: diagnostics, shell  HIPAA · no sandbox · recorded ',
    ]);
  });

  it('at 120 columns', () => {
    const [first, second] = plain({}, 120);
    expect(first).toMatch(/^ ● LIVE front-desk-2 \(482 913 077\) · you are Maria Lopez +29:41 left $/);
    expect(second).toMatch(/^ Allowed: diagnostics, shell +HIPAA · no sandbox · recorded $/);
  });

  it('says why it is paused, in whichever tab', () => {
    const [first] = plain({ state: 'paused', because: 'the person paused it' }, 120);
    expect(first).toContain('‖ PAUSED front-desk-2 (482 913 077): the person paused it');
  });

  it('keeps its width whatever the machine is called', () => {
    for (const name of ['x'.repeat(64), '漢字'.repeat(20)]) {
      const grant = { ...session.grant, machine: { ...session.grant.machine, name } };
      for (const row of bannerRows({ ...session, grant }, 60, NOW)) {
        expect([...unstyled(row)].reduce((width, character) => width + (character > '\u2e80' ? 2 : 1), 0)).toBe(60);
      }
    }
  });

  it('says loudly when it is not recorded, paused or over', () => {
    expect(plain({ recording: 'failed' }, 100)[1]).toContain('RECORDING FAILED');
    expect(plain({ recording: 'off' }, 100)[1]).toContain('NOT recorded');
    expect(plain({ state: 'paused' }, 60)[0]).toContain('PAUSED');
    expect(plain({ state: 'ended' }, 60)[0]).toMatch(/ENDED.*over/);
  });
});
