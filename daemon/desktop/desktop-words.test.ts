// What the desktop's windows are told, and what is made of what they print.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { question } from '../../test/prompt/in-memory-machine.ts';
import type { CommandQuestion } from '../consent/command-question.ts';
import type { PromptQuestion } from '../consent/prompter.ts';
import { classify } from '../guided/classify.ts';
import { parseCommand } from '../guided/parse-command.ts';
import { dialogText, pango } from './dialog/pango.ts';
import { indicatorLine } from './indicator/indicator-words.ts';
import { commandLine } from './own-command.ts';
import { commandMarkup } from './prompt/command-text.ts';
import { choicesFor } from './prompt/notification.ts';
import { questionMarkup } from './prompt/question-text.ts';
import { readReview, yadReview } from './prompt/review-with-yad.ts';
import { readYad, YAD_ALLOW, yadQuestion } from './prompt/yad.ts';
import { readTicks } from './prompt/zenity.ts';
import { TRAY_STATES, trayIcon } from './tray/icon.ts';
import { trayMenu, trayState, trayWords } from './tray/menu-model.ts';
import { codeMarkup } from './windows/code-window.ts';
import { noIconWords } from './windows/no-icon-window.ts';
import { shareInSight } from './x11/rectangle.ts';

const HOSTILE = [
  'Tom & Jerry <b>',
  '<span size="1">',
  '\u202eevil\u202c',
  'x'.repeat(10_000),
  'one\ntwo\r\nthree',
  'a!b|c\\d\\nE',
  '&#0; &bogus;',
];
const asked = (
  change: Parameters<typeof question>[0] = {},
  scopes?: Parameters<typeof question>[1],
): PromptQuestion => ({
  ...question(change, scopes),
  until: new Date(Date.now() + 60_000).toISOString(),
  armsAfterMs: 1500,
});
const end = (code: number | null, output = '') => ({ code, output, inSightMs: 5000 });

it('the window with the code also shows the fingerprint, to be read out in fours', () => {
  const code = {
    connectionId: '482913077',
    code: '27-harbor-violet',
    expiresAt: '2026-11-22T10:00:00.000Z',
    attemptsLeft: 3,
    because: 'started' as const,
  };
  const markup = codeMarkup(code, 'SHA256:abcdefghIJKL&');
  expect(markup).toContain('Read this out if they compare the fingerprint');
  expect(markup).toContain('>SHA256: abcd efgh IJKL &amp;<');
});

describe('words of others in the markup of windows', () => {
  it.each(HOSTILE)('%# stay words', (words) => {
    const { technician } = question();
    const markup = questionMarkup(
      asked({ technician: { ...technician, name: words }, reason: words, ticket: words, notices: [words] }),
    );
    const bare = markup
      .replaceAll(/<\/?(?:b|span(?: [a-z]+="[a-z-]+")*)>/g, '')
      .replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '');
    expect(bare).not.toMatch(/[<>&]/);
    expect(markup).not.toMatch(/[\u202a-\u202e\r]/);
    expect(Math.max(...bare.split('\n').map((line) => line.length))).toBeLessThan(140);
    expect(markup.split('\n').length).toBeLessThan(120);
  });

  it('pango gives text that parses, whatever came in', () => {
    const unit = fc.oneof(fc.constantFrom('<', '>', '&', '"', "'", '\n'), fc.string({ unit: 'binary', maxLength: 1 }));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), (text) => {
        expect(pango(text).replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&"']/);
        expect(pango(text)).not.toContain('\n');
      }),
    );
  });

  it('a backslash is not an escape of the program that draws', () => {
    expect(dialogText('a\\nb')).toBe('a\\\\nb');
  });

  it('a command is shown whole', () => {
    const command = `cat ${'/var/log/<x>&'.repeat(60)}`;
    const markup = commandMarkup({ ...COMMAND, command });
    const [first, ...rest] = [...markup.matchAll(/<tt>(.*)<\/tt>/g)].map(([, line = '']) => line);
    for (const line of rest) expect(line.startsWith('» ')).toBe(true);
    const shown = [first, ...rest.map((line) => line.slice(2))].join('');
    expect(shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(command);
  });

  it('a suggested command is said once to be a line for a shell', () => {
    const { touches } = classify(parseCommand('cat /etc/hosts | sort'));
    const markup = commandMarkup({ ...COMMAND, how: 'shell', touches: [...touches] });
    expect(markup.match(/a line for (a|the) shell/g)).toHaveLength(1);
    expect(markup).toContain('suggests a command');
  });

  it('the window without a tray says what to click, and names no command', () => {
    for (const notifies of [true, false]) {
      const words = noIconWords(notifies);
      expect(words).not.toMatch(/terminal|chaperoned|<tt>/);
      expect(words).toContain('<b>Show number and code</b>');
      expect(words).toContain('<b>End now</b>');
    }
  });

  it('words of a command line stay one word each', () => {
    expect(commandLine(['/a b/node', "it's", 'pause'])).toBe(`'/a b/node' 'it'\\''s' pause`);
  });
});

describe('what windows print', () => {
  it('yad: only Allow with exactly the ticks of the question is yes', () => {
    const given = asked();
    expect(readYad(given, end(YAD_ALLOW, '|TRUE||FALSE|\n'))).toEqual({ kind: 'yes', scopes: ['diagnostics'] });
    for (const output of ['', 'TRUE', '|TRUE||TRUE||TRUE|', '|TRUE||yes|', 'TRUE|FALSE|x'])
      expect(readYad(given, end(YAD_ALLOW, output)).kind).toBe('no');
    for (const code of [0, 1, 252]) expect(readYad(given, end(code, '|TRUE||TRUE|')).kind).toBe('no');
    for (const code of [null, 2, 137]) expect(readYad(given, end(code, '|TRUE||TRUE|')).kind).toBe('lost');
    expect(readYad(given, end(70)).kind).toBe('silence');
  });

  it('zenity: only known permissions', () => {
    const given = asked();
    expect(readTicks(given, end(0, 'shell\n'))).toEqual({ kind: 'yes', scopes: ['shell'] });
    expect(readTicks(given, end(0, 'shell|shell.admin')).kind).toBe('no');
    expect(readTicks(given, end(1)).kind).toBe('no');
    expect(readTicks(given, end(null)).kind).toBe('lost');
  });

  it('a command runs only by its own buttons', () => {
    expect([20, 22, 24, 1, 252, 0].map((code) => readReview(end(code)))).toEqual([
      'run',
      'change',
      'similar',
      'decline',
      'decline',
      'decline',
    ]);
    expect(() => readReview(end(null))).toThrow();
  });

  it('the boxes of the powerful are empty at first', () => {
    const given = asked({}, ['diagnostics', 'shell.admin', 'screen.view']);
    const ticked = new Set(given.offered.filter(({ preTicked }) => preTicked).map(({ scope }) => scope));
    const values = yadQuestion(given, { ticked, remark: '' }, 60).filter((word) => word === 'TRUE' || word === 'FALSE');
    expect(values).toEqual(['TRUE', 'FALSE', 'FALSE']);
    expect(choicesFor(given, 'x').map(({ scopes }) => scopes)).toEqual([null, ['diagnostics']]);
  });
});

describe('the tray and the indicator', () => {
  const session = {
    id: '01900000-0000-7000-8000-000000000000',
    state: 'active' as const,
    because: '',
    technician: question().technician,
    reason: 'x',
    ticket: 'T-1',
    scopes: ['diagnostics' as const, 'shell' as const],
    startedAt: new Date().toISOString(),
    expiresAt: new Date().toISOString(),
    recording: 'on' as const,
    channels: 1,
  };
  const view = { sessions: [], asking: null, expecting: false, receipts: [], lease: null };

  it('has another shape for each state, also without colours', () => {
    const shapes = TRAY_STATES.map((state) => {
      const { bytes } = trayIcon(state)[0] ?? { bytes: Buffer.alloc(0) };
      // Where it is opaque, and where it is light: what is left when colours cannot be told apart.
      return Array.from(
        { length: bytes.length / 4 },
        (_, at) => `${(bytes[at * 4] ?? 0) >> 7}${(bytes[at * 4 + 2] ?? 0) >> 7}`,
      ).join('');
    });
    expect(new Set(shapes).size).toBe(TRAY_STATES.length);
  });

  it('says who is connected or paused also where the window knows plain words only', () => {
    expect(indicatorLine({ session, panicKey: 'Ctrl+Alt+End' }, '0:07 of at most 2 hours')).toBe(
      '● Dana Roe is connected\\n0:07 of at most 2 hours\\nCtrl+Alt+End ends it at once',
    );
    const technician = { ...session.technician, name: 'a\\nb\n#c' };
    const paused = { ...session, technician, state: 'paused' as const, because: 'you paused it' };
    expect(indicatorLine({ session: paused, panicKey: '' }, '0:07')).toMatch(
      /^‖ PAUSED: a\\\\nb.#c sees nothing now\\nyou paused it\\n0:07$/,
    );
  });

  it('shows the most urgent state', () => {
    expect(trayState(view)).toBe('idle');
    expect(trayState({ ...view, expecting: true })).toBe('waiting');
    expect(trayState({ ...view, sessions: [{ ...session, state: 'paused' }] })).toBe('paused');
    expect(trayState({ ...view, sessions: [session] })).toBe('session');
    expect(trayState({ ...view, sessions: [session], asking: 'Dana' })).toBe('asking');
    expect(trayWords({ ...view, sessions: [session] })).toBe('Dana Roe: connected');
  });

  it('shows who may come back after a restart, also without a session, and forbids it with one click', () => {
    const lease = { technician: 'Dana Roe', until: new Date().toISOString() };
    const waiting = { ...view, lease };
    expect([trayState(waiting), trayWords(waiting)]).toEqual(['waiting', 'Dana Roe may come back']);
    expect(JSON.stringify(trayMenu(waiting))).toMatch(
      /After a restart Dana Roe may come back, until .*"forbid return"/,
    );
    expect(JSON.stringify(trayMenu(view))).not.toContain('come back');
  });

  it('offers nothing that gives more than was granted', () => {
    const actions = JSON.stringify(trayMenu({ ...view, sessions: [{ ...session, addable: ['reboot'] }] }));
    expect(actions).toContain('"do":"withdraw"');
    expect(actions).toContain('"do":"more"'); // which asks in a window
    expect(actions).not.toMatch(/"do":"(?:allow|grant|accept)/);
  });
});

describe('what is in sight', () => {
  const whole = { x: 100, y: 100, width: 100, height: 100 };
  const screen = { x: 0, y: 0, width: 1000, height: 1000 };

  it('is what no other window covers and the screen holds', () => {
    expect(shareInSight(whole, screen, [])).toBe(1);
    expect(shareInSight(whole, screen, [{ x: 150, y: 0, width: 500, height: 500 }])).toBe(0.5);
    expect(shareInSight({ ...whole, x: -50 }, screen, [])).toBe(0.5);
    expect(shareInSight(whole, screen, [screen])).toBe(0);
  });

  it('never grows by another cover, and two halves cover the whole', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: 0, max: 300 }),
      y: fc.integer({ min: 0, max: 300 }),
      width: fc.integer({ min: 0, max: 300 }),
      height: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(rectangle, { maxLength: 6 }), rectangle, (covers, more) => {
        expect(shareInSight(whole, screen, [...covers, more])).toBeLessThanOrEqual(
          shareInSight(whole, screen, covers) + 1e-9,
        );
      }),
    );
    expect(
      shareInSight(whole, screen, [
        { ...whole, width: 50 },
        { ...whole, x: 150 },
      ]),
    ).toBe(0);
  });
});

it('a proposed command is told in the same words as in a terminal', () => {
  const again = commandMarkup({ ...COMMAND, similar: COMMAND.command, risk: 'changes' });
  expect(again).toContain('It can change something on this computer.');
  expect(again).toContain('this very command, no other');
  expect(yadReview({ ...COMMAND, similar: COMMAND.command }, '')).toContainEqual(
    expect.stringMatching(/^--button=Run it, also when asked again:/),
  );
  expect(yadReview(COMMAND, '').join()).not.toContain('asked again');
});

const COMMAND: CommandQuestion = {
  id: '01900000-0000-7000-8000-000000000000',
  machine: question().machine,
  technician: question().technician,
  reason: 'to see the log',
  command: 'cat /var/log/syslog',
  how: 'program',
  risk: 'reads',
  touches: ['/var/log/syslog'],
  digest: 'a'.repeat(64),
  similar: null,
  edited: false,
  limitMs: 60_000,
  notices: [],
  until: new Date(Date.now() + 60_000).toISOString(),
  armsAfterMs: 1500,
};
