// Whatever is shown, at whatever size: a screen never takes more rows or cells than the window has.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../protocol/scopes.ts';
import { cellWidth, unstyled } from '../../protocol/terminal/sgr.ts';
import { DANA, DANAS_SESSION } from '../../test/prompt/in-memory-machine.ts';
import type { PromptQuestion } from '../consent/prompter.ts';
import type { SessionView } from '../local/controls.ts';
import { type Line, plainText, renderLine } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { questionScreen } from './question-screen.ts';
import { newQuestion } from './question-state.ts';
import { waitingScreen } from './waiting-screen.ts';

const size = fc.record({ cols: fc.integer({ min: 36, max: 150 }), rows: fc.integer({ min: 10, max: 60 }) });
const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength }),
    fc.string({ unit: fc.constantFrom('a', ' ', '日', '\x1b[2J', '\n', '\u202e', 'é', '-'), maxLength }),
  );

const technician = fc.record({
  name: text(80),
  role: text(40),
  phone: text(40),
  organisation: fc.option(text(80)),
  keyFingerprint: fc.constant(`SHA256:${'A'.repeat(43)}`),
  verifiedBy: fc.constantFrom('listed' as const, 'certificate' as const),
});

function expectToFit(lines: readonly Line[], { cols, rows }: Size): void {
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) {
    const row = renderLine(line, cols, true);
    expect(cellWidth(row)).toBeLessThanOrEqual(cols);
    expect(unstyled(row)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
  }
}

describe('the question', () => {
  const question = fc.record({
    id: fc.uuid(),
    machine: fc.record({ id: fc.constant('482913077'), name: text(64), hipaa: fc.boolean() }),
    technician,
    address: text(64),
    reason: text(300),
    ticket: text(64),
    offered: fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1 }).map((scopes) =>
      scopes.map((scope) => ({
        scope,
        title: `Do ${scope}`,
        allows: 'It allows this. '.repeat(4),
        preTicked: false,
      })),
    ),
    limitMs: fc.integer({ min: 1000, max: 43_200_000 }),
    recorded: fc.record({ output: fc.boolean(), input: fc.boolean() }),
    notices: fc.array(text(300), { maxLength: 5 }),
    until: fc.constant('2026-11-22T12:00:00.000Z'),
    armsAfterMs: fc.constant(1500),
  });

  it('fits, and shows who asks, the time left, what is marked and both choices', () => {
    fc.assert(
      fc.property(question, size, fc.nat(12), fc.boolean(), (asked, window, step, others) => {
        const places = [...asked.offered.keys(), 'allow' as const, 'deny' as const];
        const focus = places[step % places.length] ?? 'deny';
        const state = { ...newQuestion(asked), focus, armed: true };
        const lines = questionScreen({ state, leftMs: 30_000, totalMs: 60_000, isConnected: others }, window);
        expectToFit(lines, window);
        const screen = lines.map(plainText).join('\n');
        for (const words of ['SOMEONE ASKS', '[ Allow ]', '[ Do not allow ]', '0:30 left', '▶'])
          expect(screen).toContain(words);
      }),
      { numRuns: 300 },
    );
  });

  const asked: PromptQuestion = {
    id: '01990000-0000-7000-8000-000000000000',
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician: {
      name: 'Dana Roe',
      role: 'technician',
      phone: '+1 555 0177',
      organisation: null,
      keyFingerprint: `SHA256:${'A'.repeat(43)}`,
      verifiedBy: 'listed',
    },
    address: '127.0.0.1',
    reason: 'The printer does not answer',
    ticket: 'T-17',
    offered: [
      { scope: 'diagnostics', title: 'Run health checks', allows: 'Nothing is changed.', preTicked: true },
      { scope: 'shell', title: 'Type commands', allows: 'They can see what you can see.', preTicked: true },
    ],
    limitMs: 7_200_000,
    recorded: { output: true, input: false },
    notices: ['This computer handles patient information.', 'Typed commands are not walled off.'],
    until: '2026-11-22T12:00:00.000Z',
    armsAfterMs: 1500,
  };
  const shown = (question: PromptQuestion, window: Size): string => {
    const state = { ...newQuestion(question), armed: true };
    const lines = questionScreen({ state, leftMs: 30_000, totalMs: 60_000, isConnected: true }, window);
    return lines.map(plainText).join('\n');
  };

  it('says of every permission what it allows, where blank lines would leave no room for it', () => {
    const screen = shown(asked, { cols: 80, rows: 20 });
    expect(screen).toContain('Nothing is changed.');
    expect(screen).toContain('They can see what you can see.');
    expect(screen).not.toContain('more');
  });

  it('calls nobody somebody else who asks for more in their own session', () => {
    const more = { ...asked, during: { startedAt: '2026-11-22T11:00:00.000Z', scopes: [] } };
    expect(shown(more, { cols: 60, rows: 15 })).toContain('The session goes on meanwhile: E ends it');
    expect(shown(asked, { cols: 60, rows: 15 })).toContain('Somebody else is connected now: E ends that');
  });
});

describe('the screen between questions', () => {
  const session: fc.Arbitrary<SessionView> = fc.record({
    id: fc.uuid(),
    state: fc.constantFrom('active', 'paused'),
    because: text(300),
    technician,
    reason: text(300),
    ticket: text(64),
    scopes: fc.uniqueArray(fc.constantFrom(...SCOPES)),
    startedAt: fc.constant('2026-11-22T12:00:00.000Z'),
    expiresAt: fc.constant('2026-11-22T14:00:00.000Z'),
    recording: fc.constantFrom('on', 'waiting', 'failed'),
    channels: fc.nat(5),
  });

  it('fits, and always shows that somebody is connected and how to end it', () => {
    const code = fc.constantFrom('27-harbor-violet', '99-woodland-brick', '10-mm-ww');
    fc.assert(
      fc.property(
        fc.array(session, { maxLength: 3 }),
        size,
        code,
        text(200),
        text(200),
        fc.array(fc.record({ line: text(200), kind: fc.constantFrom('happened' as const, 'written' as const) }), {
          maxLength: 6,
        }),
        fc.option(fc.record({ who: text(80), text: text(500) })),
        fc.record({
          addresses: fc.array(text(60), { maxLength: 2 }),
          fingerprint: fc.option(text(60)),
          hasReceipt: fc.boolean(),
        }),
        (sessions, window, words, news, trouble, seen, chat, place) => {
          const view = {
            machine: { name: 'front-desk-2' },
            code: {
              connectionId: '482913077',
              code: words,
              expiresAt: '2026-11-22T12:00:00.000Z',
              attemptsLeft: 3,
              because: 'started' as const,
            },
            codeLeftMs: 581_000,
            sessions,
            lines: seen.map((line) => ({ session: '', ...line })),
            chat,
            ...place,
            news: news.slice(0, 60),
            trouble: trouble.slice(0, 60),
          };
          const lines = waitingScreen(view, window);
          expectToFit(lines, window);
          const screen = lines.map(plainText).join('\n');
          if (sessions.length === 0) expect(screen).toContain('Nobody is connected.');
          else expect(screen).toMatch(chat === null ? /End( all)? now/ : /Do not send/);
          expect(screen.match(/[●‖] /g)?.length ?? 0).toBe(sessions.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('the fingerprint stands beside what is said, and goes when somebody is connected', () => {
  const screen = (sessions: readonly SessionView[]): string => {
    const code = { connectionId: '482913077', code: '27-harbor-violet', attemptsLeft: 3, because: 'started' } as const;
    const view = {
      machine: { name: 'front-desk-2' },
      code: { ...code, expiresAt: '2026-11-22T12:00:00.000Z' },
      codeLeftMs: 581_000,
      addresses: [],
      fingerprint: DANA.keyFingerprint,
      hasReceipt: false,
      lines: [],
      chat: null,
      news: 'Here is a new code.',
      trouble: '',
      sessions,
    };
    return waitingScreen(view, { cols: 80, rows: 24 }).map(plainText).join('\n');
  };
  expect(screen([])).toMatch(/SHA256[\s\S]*Here is a new code\./);
  expect(screen([DANAS_SESSION])).toContain('Here is a new code.');
  expect(screen([DANAS_SESSION])).not.toContain('SHA256');
});
