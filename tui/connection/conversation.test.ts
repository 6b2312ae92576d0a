import { describe, expect, it } from 'vitest';
import {
  CODE_PROMPT,
  type ConversationStatus,
  REASON_PROMPT,
  SCOPES_PROMPT,
  STATUS_NAME,
  TICKET_PROMPT,
} from '../../protocol/conversation.ts';
import { MachineSide } from '../../protocol/pairing/machine-side.ts';
import { PAIRED_NAME, PAIRING_NAME, PAIRING_PROMPT, PairingAnswer } from '../../protocol/pairing/messages.ts';
import type { CodeQuestion, Waiting } from '../dashboard/ports.ts';
import { Conversation } from './conversation.ts';
import { WrongMachine } from './errors.ts';

const REQUEST_PROMPTS = [REASON_PROMPT, TICKET_PROMPT, SCOPES_PROMPT];

const TERMS = { hostKey: 'SHA256:m', technicianKey: 'SHA256:t', sshSession: Buffer.alloc(32, 7) };
const CODE = '27-harbor-violet';
const OTHER_CODE = '28-harbor-violet';

const MACHINE = { id: '482913077', name: 'front-desk-2', hipaa: false };

function begin(more: { code?: string; connectionId?: string | null; codes?: string[]; stranger?: boolean } = {}) {
  const waited: Waiting[] = [];
  const questions: CodeQuestion[] = [];
  const noted: string[] = [];
  const codes = [...(more.codes ?? [])];
  const identified: string[] = [];
  const conversation = new Conversation({
    onIdentified: (id) => {
      if (more.stranger === true) throw new WrongMachine('another key', '');
      identified.push(id);
    },
    connectionId: more.connectionId ?? null,
    code: more.code ?? '',
    request: { reason: 'slow', ticket: 'T-1', scopes: ['diagnostics', 'shell'] },
    people: {
      onWaiting: (waiting) => waited.push(waiting),
      onCode: async (question) => {
        questions.push(question);
        return codes.shift() ?? null;
      },
    },
    terms: TERMS,
    onPaired: async () => void noted.push('paired'),
    takeLease: () => '',
    beforeRequest: async () => void noted.push('request.sent'),
  });
  const offer = (side: MachineSide, state: ConversationStatus['state'], more: Partial<ConversationStatus> = {}) =>
    conversation.answer({
      name: PAIRING_NAME,
      instruction: side.offer({ v: 1, state, message: `It is ${state}.`, machine: MACHINE, ...more }),
      prompts: [PAIRING_PROMPT],
    });
  /** One offer; `again`, or what the machine makes of the answer. */
  const pair = async (state: 'welcome' | 'wrong-code' = 'welcome', more: Partial<ConversationStatus> = {}) => {
    const side = new MachineSide(CODE, { ...TERMS, connectionId: MACHINE.id });
    const [text = ''] = await offer(side, state, more);
    const answer = PairingAnswer.parse(JSON.parse(text));
    return 'again' in answer ? 'again' : side.judge(answer);
  };
  const request = (confirmation: string | null) =>
    conversation.answer({ name: PAIRED_NAME, instruction: confirmation ?? '', prompts: REQUEST_PROMPTS });
  const tell = (state: ConversationStatus['state'], fields: Partial<ConversationStatus> = {}) =>
    conversation.answer({
      name: STATUS_NAME,
      instruction: JSON.stringify({
        v: 1,
        state,
        message: `It is ${state}.`,
        machine: MACHINE,
        ...fields,
      }),
      prompts: [],
    });
  const ask = (...prompts: string[]) => conversation.answer({ name: '', instruction: '', prompts });
  return { conversation, waited, questions, noted, identified, tell, ask, offer, pair, request };
}

describe('the conversation before a session', () => {
  it('proves the code that was given, and notes the request before it is sent', async () => {
    const { pair, request, tell, noted, conversation } = begin({ code: '27 HARBOR violet' });
    const confirmation = await pair();
    expect(confirmation).toContain('tag');
    expect(noted).toEqual([]);
    expect(await request(confirmation)).toEqual(['slow', 'T-1', 'diagnostics shell']);
    expect(noted).toEqual(['paired', 'request.sent']);
    await tell('granted');
    expect(conversation.granted).toBe(true);
  });

  it('looks once at who the machine says it is, and stops when that is another', async () => {
    const honest = begin();
    await honest.tell('welcome');
    await honest.tell('waiting');
    expect(honest.identified).toEqual(['482913077']);
    await expect(begin({ stranger: true }).tell('welcome')).rejects.toThrow('another key');
  });

  it('asks for no code where the policy gives nothing of the request: it stays good', async () => {
    const { pair, questions, noted } = begin({ codes: [CODE] });
    const notGiven = (['diagnostics', 'shell', 'reboot'] as const).map((scope) => ({ scope, why: `no ${scope} here` }));
    await expect(pair('welcome', { notGiven })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no diagnostics here'),
      hint: expect.stringContaining('the one-time code stays good'),
    });
    expect([questions, noted]).toEqual([[], []]);
  });

  it('says what of the request is left out while the person is awaited, and an older machine does not', async () => {
    const { pair, tell, waited } = begin({ code: CODE });
    await pair('welcome', {
      notGiven: [
        { scope: 'shell', why: 'no sandbox' },
        { scope: 'reboot', why: 'nobody asked' },
      ],
    });
    await tell('displayed');
    expect(waited.at(-1)?.notGiven).toEqual([{ scope: 'shell', why: 'no sandbox' }]);
    await tell('displayed', { notGiven: [] }); // the policy may have changed meanwhile: the last word counts
    expect(waited.at(-1)?.notGiven).toEqual([]);
    const older = begin({ code: CODE });
    await older.pair();
    await older.tell('displayed');
    expect(older.waited.at(-1)?.notGiven).toEqual([]);
  });

  it('asks for a fresh offer when the code had to be typed: it may have changed meanwhile', async () => {
    const { pair, questions } = begin({ codes: [CODE] });
    expect(await pair()).toBe('again');
    expect(questions).toEqual([{ words: '', triesLeft: null }]);
    expect(await pair()).toContain('tag');
    expect(questions).toHaveLength(1);
  });

  it('never uses the same code twice: that would burn a try, and be another guess for who is in between', async () => {
    const { pair, questions } = begin({ code: OTHER_CODE, codes: [CODE] });
    expect(await pair()).toBeNull();
    expect(await pair('wrong-code', { attemptsLeft: 2 })).toBe('again');
    expect(questions).toEqual([{ words: expect.stringContaining('somebody may be in between'), triesLeft: 2 }]);
    expect(await pair('wrong-code', { attemptsLeft: 2 })).toContain('tag');
    await expect(pair('wrong-code', { attemptsLeft: 1 })).rejects.toMatchObject({
      exitCode: 3,
      hint: expect.stringContaining('must show SHA256:m'),
    });
  });

  it('burns no try on what is no code of any machine', async () => {
    const { pair, questions } = begin({ code: 'hello', codes: ['27-habror-violet', CODE] });
    expect(await pair()).toBe('again');
    expect(questions.map(({ words }) => words)).toEqual([
      'This is not a one-time code: it is a number and two words, like 27-harbor-violet.',
      'No one-time code has the word "habror": did you mean "harbor"?',
    ]);
  });

  it.each([
    ['without a pairing', null],
    ['with a confirmation of nothing', JSON.stringify({ v: 1, tag: Buffer.alloc(64).toString('base64') })],
  ])('says nothing of the request %s', async (_what, confirmation) => {
    const { pair, request, ask, noted } = begin({ code: CODE });
    if (confirmation !== null) await pair();
    const asked = confirmation === null ? ask(...REQUEST_PROMPTS) : request(confirmation);
    await expect(asked).rejects.toMatchObject({ name: 'PairingFailed', exitCode: 5 });
    expect(noted).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another version', { v: 2 }],
    ['no point', { share: Buffer.alloc(32).toString('base64') }],
    ['a point too short', { share: Buffer.alloc(31).toString('base64') }],
    ['something more', { code: CODE }],
    ['a status at the wrong time', { status: { v: 1, state: 'granted', message: '', machine: MACHINE } }],
  ])('does not answer an offer with %s', async (_what, change) => {
    const { conversation } = begin({ code: CODE });
    const side = new MachineSide(CODE, { ...TERMS, connectionId: MACHINE.id });
    const honest: unknown = JSON.parse(side.offer({ v: 1, state: 'welcome', message: '', machine: MACHINE }));
    const instruction = JSON.stringify({ ...Object(honest), ...change });
    await expect(
      conversation.answer({ name: PAIRING_NAME, instruction, prompts: [PAIRING_PROMPT] }),
    ).rejects.toMatchObject({ name: 'ProtocolBroken' });
    expect(conversation.granted).toBe(false);
  });

  it('says who is awaited, for what, until when, by this computer’s clock', async () => {
    const { tell, waited } = begin();
    // The machine's clock is a year behind; only the difference counts.
    await tell('displayed', { now: '2025-01-01T00:00:00.000Z', until: '2025-01-01T00:01:00.000Z' });
    const [waiting] = waited;
    expect(waiting).toMatchObject({
      stage: 'consent',
      who: 'the person at front-desk-2',
      what: 'to answer your request',
    });
    const left = (waiting?.until ?? 0) - Date.now();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('does not believe a wait without end', async () => {
    const { tell, waited, conversation } = begin();
    await tell('waiting', { until: '2999-01-01T00:00:00.000Z' });
    expect((waited[0]?.until ?? 0) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    expect(conversation.patienceMs).toBeLessThanOrEqual(16 * 60_000);
    await tell('waiting', {});
    expect(conversation.patienceMs).toBeGreaterThan(60_000);
  });

  it.each([
    ['denied', 3, 'it is denied'],
    ['expired', 3, 'it is expired'],
    ['refused', 3, 'it is refused'],
    ['wrong-code', 3, 'it is wrong-code'],
    ['ended', 6, 'it is ended'],
  ] as const)('turns %s into an error that says so', async (state, exitCode, message) => {
    const { tell, conversation } = begin();
    await tell(state);
    expect(conversation.failure()).toMatchObject({ exitCode, message });
  });

  it('says that a new code is needed', async () => {
    const { tell, conversation } = begin();
    await tell('refused', { code: 'new-code-needed' });
    expect(conversation.failure()?.hint).toMatch(/^the new code is for a new request; if it was not mistyped/);
  });

  it('gives up when the same request is refused, with the machine’s words', async () => {
    const { ask, tell, pair, request } = begin({ code: CODE });
    await request(await pair());
    await tell('refused', { message: 'Please try again: the ticket is missing.' });
    await expect(ask(...REQUEST_PROMPTS)).rejects.toMatchObject({
      exitCode: 3,
      message: 'please try again: the ticket is missing',
    });
  });

  it.each([
    ['a password', ['Password: ']],
    ['a request in another order', [TICKET_PROMPT, REASON_PROMPT, SCOPES_PROMPT]],
    ['part of a request', [REASON_PROMPT]],
    ['a pairing under another name', [PAIRING_PROMPT]],
  ])('does not answer %s', async (_what, prompts) => {
    const { ask, questions } = begin({ code: CODE });
    await expect(ask(...prompts)).rejects.toThrow('asked something that this program does not know');
    expect(questions).toEqual([]);
  });

  it.each([[[CODE_PROMPT]], [[CODE_PROMPT, 'PIN: ']]])(
    'does not say the code itself to who asks %j',
    async (prompts) => {
      const { ask, questions } = begin({ code: CODE });
      await expect(ask(...prompts)).rejects.toMatchObject({
        name: 'PairingFailed',
        hint: expect.stringContaining(TERMS.hostKey),
      });
      expect(questions).toEqual([]);
    },
  );

  it.each([
    ['no JSON', '{'],
    ['another version', '{"v":2}'],
    ['another shape', '{"v":1,"state":"granted","message":"","machine":{"id":"1","name":"x"}}'],
    ['a state of its own', '{"v":1,"state":"accepted","message":"","machine":{"id":"1","name":"x","hipaa":true}}'],
    ['something more', '{"v":1,"state":"welcome","message":"","machine":{"id":"1","name":"x","hipaa":true},"x":1}'],
    ['a message without end', JSON.stringify({ v: 1, state: 'welcome', message: 'x'.repeat(501), machine: MACHINE })],
    ['nesting without end', '['.repeat(20_000)],
  ])('stops at a status that is %s', async (_what, instruction) => {
    const { conversation } = begin();
    await expect(conversation.answer({ name: STATUS_NAME, instruction, prompts: [] })).rejects.toMatchObject({
      name: 'ProtocolBroken',
    });
    expect(conversation.granted).toBe(false);
  });

  it('does not take plain sentences for a Chaperone machine', async () => {
    const { conversation } = begin();
    await expect(conversation.answer({ name: '', instruction: 'Welcome!', prompts: [] })).rejects.toThrow('Chaperone');
  });

  it('lets nothing in a status act on the terminal', async () => {
    const { tell, waited, conversation } = begin();
    const evil = '\x1b]0;owned\x07\x1b[2J';
    await tell('displayed', { machine: { id: '482913077', name: `desk${evil}`, hipaa: false } });
    expect(waited[0]?.who).toBe('the person at desk');
    await tell('denied', { message: `No${evil}.`, machine: { id: '482913077', name: `desk${evil}`, hipaa: false } });
    expect(conversation.failure()?.message).toBe('no');
  });

  it('stops when the machine is another than the one meant, or changes its mind', async () => {
    const { tell } = begin({ connectionId: '735004124' });
    await expect(tell('welcome')).rejects.toMatchObject({ exitCode: 5 });
    const second = begin();
    await second.tell('welcome');
    const other = { id: '735004124', name: 'x', hipaa: false };
    await expect(second.tell('waiting', { machine: other })).rejects.toMatchObject({ exitCode: 5 });
  });

  it('does not listen for ever', async () => {
    const { tell } = begin();
    const flood = async () => {
      for (let count = 0; count < 1000; count += 1) await tell('waiting');
    };
    await expect(flood()).rejects.toThrow('without end');
  });
});
