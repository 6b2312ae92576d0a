// Every screen's rows, at every size: none too wide, the important parts always there.

import { describe, expect, it } from 'vitest';
import type { AuditEventView } from '../../protocol/control/messages.ts';
import type { DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { cellWidth, unstyled } from '../../protocol/terminal/sgr.ts';
import { auditDetailRows, auditRow } from './audit-rows.ts';
import { chatRows } from './chat-rows.ts';
import { startForm } from './connect-form.ts';
import { formRows } from './form-rows.ts';
import { helpRows } from './help.ts';
import { machineRows, sessionRows } from './home-rows.ts';
import { LIST_START } from './list-window.ts';
import { receiptRows } from './receipt-rows.ts';
import { replayRow } from './replay-rows.ts';
import { runRows } from './run-rows.ts';
import { splitArea } from './session/split-area.ts';
import { tabRow } from './session/tab-row.ts';
import { waitingRows } from './waiting-rows.ts';

const WIDTHS = [40, 60, 80, 120, 200];
const LONG = '漢字 a very long text that goes on and on '.repeat(8);

const event = (fields: AuditEventView['fields']): AuditEventView => ({
  seq: 7,
  time: '2026-11-22T10:00:00Z',
  type: 'shell.opened',
  severity: 'warning',
  fields,
});
const machine = {
  name: LONG,
  connectionId: '482913077',
  address: LONG,
  fingerprint: null,
  lastSession: 0,
  sessions: 3,
};
const session = {
  id: 'id',
  machine: LONG,
  startedAt: 0,
  endedAt: null,
  reason: LONG,
  ticket: LONG,
  ending: '',
  recordings: [],
};
const form = { address: LONG, code: '', reason: LONG, ticket: LONG, scopes: ['diagnostics', 'shell'] } as const;
const receipt = {
  verified: { problem: LONG },
  endedBy: null,
  sections: [{ title: LONG, rows: [['Reason', LONG] as const] }],
};
const standing = { position: 5, duration: 10, playing: true, speed: 4, markers: [{ at: 3, label: LONG }] };
const outputs: readonly DiagnosticOutput[] = [{ kind: 'facts', title: LONG, items: [{ label: LONG, value: LONG }] }];

const SCREENS: Record<string, (cols: number) => readonly string[]> = {
  'audit list': (cols) => [auditRow(event({ reason: LONG }), cols)],
  'audit details': (cols) =>
    auditDetailRows(event({ program: LONG, list: ['a', 'b'], deep: { x: LONG } }), { cols, rows: 20 }),
  chat: (cols) => chatRows([{ from: 'local user', text: LONG, at: '2026-11-22T10:00:00Z' }], { cols, rows: 8 }),
  'connect form': (cols) =>
    formRows(startForm(form, ['diagnostics', 'shell', 'shell.admin']), { reason: LONG, scopes: LONG }, cols, 20),
  help: (cols) => helpRows(['session'], cols),
  machines: (cols) => machineRows([machine], LIST_START, { cols, rows: 3 }, true, 1e12),
  sessions: (cols) => sessionRows([session], LIST_START, { cols, rows: 3 }, true),
  receipt: (cols) => receiptRows(receipt, cols),
  replay: (cols) => [replayRow(standing, cols)],
  diagnostic: (cols) =>
    runRows({ title: LONG } as never, { outputs, progress: { words: LONG, fraction: 0.5 }, end: null }, cols),
  'diagnostic that ended': (cols) =>
    runRows(
      { title: LONG } as never,
      { outputs: [], progress: null, end: { outcome: 'failed', message: LONG, truncated: true } },
      cols,
    ),
  tabs: (cols) => [tabRow('Shell', { state: 'open', scroll: 12 }, true, cols, 1234)],
  waiting: (cols) => waitingRows({ stage: 'consent', who: LONG, what: LONG, until: 60_000 }, form, cols, 0),
  'list and details': (cols) => {
    const { list, detail, join } = splitArea({ cols, rows: 12 });
    return join([LONG.slice(0, list.cols / 2)], [LONG.slice(0, detail.cols / 2)]);
  },
};

describe('no row is wider than the screen', () => {
  it.each(Object.entries(SCREENS))('%s', (_, draw) => {
    for (const cols of WIDTHS) {
      for (const row of draw(cols)) expect(cellWidth(row), unstyled(row)).toBeLessThanOrEqual(cols);
    }
  });
});

describe('the words that matter', () => {
  const text = (rows: readonly string[]) => rows.map((row) => unstyled(row).trimEnd()).join('\n');

  it('a message that was not on screen yet is marked on its tab', () => {
    const row = (unread: number) => text([tabRow('Shell', { state: 'open', scroll: 0 }, true, 80, unread)]);
    expect(row(2)).toContain('5 Chat (2 new)');
    expect(row(0)).not.toContain('new');
  });

  it('waiting says who is awaited, for what, until when, and what silence means', () => {
    const waiting = {
      stage: 'consent',
      who: 'the person at front-desk-2',
      what: 'to answer your request',
      until: 47_000,
    } as const;
    const words = text(waitingRows(waiting, { ...form, reason: 'printer' }, 60, 0));
    expect(words).toContain('Waiting for the person at front-desk-2 to answer your\n request');
    expect(words).toContain('0:47 left; no answer counts as no');
    expect(words).toContain('▸ The person reads and answers');
    expect(words).toContain('✓ Check the one-time code');
    expect(words).not.toContain('not asked');
  });

  it('waiting says what the person is not asked for, and why, above all that a small screen may cut', () => {
    const why = 'the policy asks for a sandbox around the shell, and this version has none';
    const waiting = { stage: 'consent', who: 'the person', what: 'to answer', until: null } as const;
    const words = text(waitingRows({ ...waiting, notGiven: [{ scope: 'shell', why }] }, form, 60, 0));
    expect(words.replaceAll(/\s+/g, ' ')).toContain(`The person is not asked for: type commands (${why}).`);
    expect(words.indexOf('not asked')).toBeLessThan(words.indexOf('Reach the machine'));
  });

  it('a receipt that does not verify cannot be overlooked', () => {
    expect(
      receiptRows({ verified: { problem: 'the signature is another key’s' }, endedBy: null, sections: [] }, 80)[0],
    ).toMatch(/^\x1b\[1;31m ✗ Do not trust/);
    expect(text(receiptRows({ verified: true, endedBy: 'technician', sections: [] }, 80))).toContain(
      'the signature holds',
    );
  });

  it('the form keeps the marked field in sight when it is higher than the screen', () => {
    for (let focus = 0; focus < 8; focus += 1) {
      const state = { ...startForm(form, ['diagnostics', 'shell', 'shell.admin']), focus };
      const rows = formRows(state, { reason: 'too long' }, 60, 4);
      expect(rows.length).toBeLessThanOrEqual(4);
      expect(rows.join('')).toMatch(/\x1b\[(36|7)m/);
    }
  });

  it('an audit event shows what it means, and its fields', () => {
    expect(unstyled(auditRow(event({ program: '/bin/bash' }), 60))).toMatch(
      /\d\d:\d\d:\d\d ! a shell was opened: \/bin\/bash/,
    );
    expect(
      text(auditDetailRows(event({ program: '/bin/bash', exitCode: null, scopes: [] }), { cols: 60, rows: 9 })),
    ).toMatch(/leaf 7[\s\S]*program: \/bin\/bash\n.*exitCode: –\n.*scopes: none/);
  });

  it('an empty start screen says what to do', () => {
    expect(text(machineRows([], LIST_START, { cols: 100, rows: 3 }, true, 0))).toContain('Press n');
  });
});

describe('a past session in the list', () => {
  it.each([
    ['the person at the machine ended the session', 'by person'],
    ['the technician ended the session', 'by you'],
    ['the agreed time is over', 'time over'],
    ['the connection broke (timeout)', 'cut off'],
    ["the technician's organisation took their certificate or key back", 'no right'],
  ])('whose end was "%s" says so at every width', (ending, short) => {
    for (const cols of WIDTHS) {
      const [row = ''] = sessionRows([{ ...session, endedAt: 1, ending }], LIST_START, { cols, rows: 1 }, true);
      expect(unstyled(row).trimEnd().endsWith(`  ${short}`), unstyled(row)).toBe(true);
    }
  });
});

describe('the connect form', () => {
  it.each(WIDTHS)('says all of what is wrong, at %i columns', (cols) => {
    const code = 'this is no one-time code: it is a number and two words, like 27-harbor-violet';
    const scopes = 'tick at least one of the permissions that the person is to read';
    const rows = formRows(startForm(form, ['diagnostics', 'shell']), { code, scopes }, cols, 20).map(unstyled);
    const shown = rows.map((row) => row.trim()).join(' ');
    expect(shown).toContain(code);
    expect(shown).toContain(`You ask to: ${scopes}`);
  });

  it('keeps the field with the mark in sight below long words', () => {
    const state = { ...startForm(form, ['diagnostics', 'shell']), focus: 6 };
    for (const seen of [3, 4, 5]) {
      expect(formRows(state, { code: LONG, scopes: LONG }, 40, seen).map(unstyled).join('\n')).toContain(
        'Ask the person',
      );
    }
  });
});
