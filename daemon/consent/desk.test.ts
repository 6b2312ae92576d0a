import { describe, expect, it, vi } from 'vitest';
import { ConsentDesk, type Question } from './desk.ts';
import type { AskOptions, Prompter, PromptQuestion } from './prompter.ts';

const PATIENT = { timeout: 30_000 }; // ms; a busy machine

const QUESTION: Question = {
  id: '0198c0de-0000-7000-8000-000000000001',
  machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
  technician: {
    name: 'Dana Roe',
    role: 'technician',
    phone: '+1 555 0100',
    organisation: null,
    keyFingerprint: `SHA256:${'A'.repeat(43)}`,
    verifiedBy: 'listed',
  },
  address: '127.0.0.1:50000',
  reason: 'printer does not answer',
  ticket: 'T-1',
  offered: [{ scope: 'diagnostics', title: 'Run health checks', allows: 'Read facts.', preTicked: true }],
  limitMs: 60_000,
  recorded: { output: true, input: false },
  notices: [],
};

const ARMS_MS = 0;
const HOUR = 3_600_000;
const quiet = { onPrompted: async () => undefined, onDisplayed: () => undefined };

function prompter(ask: (question: PromptQuestion, options: AskOptions) => Promise<unknown>): Prompter {
  return { name: 'test', ask: ask as Prompter['ask'] };
}

async function answerOf(ask: (question: PromptQuestion, options: AskOptions) => Promise<unknown>, arms = ARMS_MS) {
  const desk = new ConsentDesk(arms);
  using _ = desk.addPrompter(prompter(ask));
  return await desk.ask(QUESTION, HOUR, quiet, new AbortController().signal);
}

describe('promise 1: nothing runs before the person accepts', () => {
  it('denies when no prompt is open', async () => {
    const answer = await new ConsentDesk().ask(QUESTION, HOUR, quiet, new AbortController().signal);
    expect(answer.kind).toBe('nobody');
  });

  it('allows what was ticked on a prompt that was on screen', async () => {
    const answer = await answerOf(async (_, { onDisplayed }) => {
      onDisplayed();
      return { allow: true, scopes: ['diagnostics'] };
    });
    expect(answer).toEqual({ kind: 'allowed', scopes: ['diagnostics'] });
  });

  it('denies an answer from a prompt that was never on screen', async () => {
    expect((await answerOf(async () => ({ allow: true, scopes: ['diagnostics'] }))).kind).toBe('nobody');
  });

  it('denies an answer that came before a person could have read', async () => {
    const answer = await answerOf(async (_, { onDisplayed }) => {
      onDisplayed();
      return { allow: true, scopes: ['diagnostics'] };
    }, HOUR);
    expect(answer.kind).toBe('declined');
  });

  it('never gives a scope that was not offered', async () => {
    const answer = await answerOf(async (_, { onDisplayed }) => {
      onDisplayed();
      return { allow: true, scopes: ['shell', 'diagnostics', 'shell.admin'] };
    });
    expect(answer).toEqual({ kind: 'allowed', scopes: ['diagnostics'] });
  });

  it.each([
    [{ allow: 'yes' }],
    [{ allow: true }],
    [{ allow: true, scopes: [] }],
    [{ allow: true, scopes: ['root'] }],
    ['true'],
    [null],
  ])('takes %j for a denial', async (answer) => {
    const judged = await answerOf(async (_, { onDisplayed }) => {
      onDisplayed();
      return answer;
    });
    expect(judged.kind).toBe('declined');
  });

  it('denies when the prompt is killed', async () => {
    const answer = await answerOf(async (_, { onDisplayed }) => {
      onDisplayed();
      throw new Error('killed');
    });
    expect(answer.kind).toBe('nobody');
  });
});

describe('the clock at the desk', () => {
  it('expires, and takes the prompt off the screen', async () => {
    vi.useFakeTimers();
    try {
      const desk = new ConsentDesk(ARMS_MS);
      let shown: AbortSignal | undefined;
      using _ = desk.addPrompter(
        prompter((_question, { onDisplayed, signal }) => {
          shown = signal;
          onDisplayed();
          return new Promise(() => undefined);
        }),
      );
      const answer = desk.ask(QUESTION, 60_000, quiet, new AbortController().signal);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await answer).toEqual({ kind: 'expired' });
      expect(shown?.aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says that no one could be asked when the prompt does not appear in ten seconds', async () => {
    vi.useFakeTimers();
    try {
      const desk = new ConsentDesk(ARMS_MS);
      using _ = desk.addPrompter(prompter(() => new Promise(() => undefined)));
      const answer = desk.ask(QUESTION, 60_000, quiet, new AbortController().signal);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await answer).toMatchObject({ kind: 'nobody', reason: expect.stringContaining('did not appear') });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('several people at the desk', () => {
  it('asks about one technician at a time', async () => {
    const desk = new ConsentDesk(ARMS_MS);
    const shown: string[] = [];
    const answers: (() => void)[] = [];
    using _ = desk.addPrompter(
      prompter((question, { onDisplayed }) => {
        shown.push(question.ticket);
        onDisplayed();
        return new Promise((resolve) => answers.push(() => resolve({ allow: true, scopes: ['diagnostics'] })));
      }),
    );
    const signal = new AbortController().signal;
    const first = desk.ask({ ...QUESTION, ticket: 'first' }, HOUR, quiet, signal);
    const second = desk.ask({ ...QUESTION, ticket: 'second' }, HOUR, quiet, signal);
    await vi.waitFor(() => expect(shown).toEqual(['first']), PATIENT);
    answers[0]?.();
    expect((await first).kind).toBe('allowed');
    await vi.waitFor(() => expect(shown).toEqual(['first', 'second']), PATIENT);
    answers[1]?.();
    expect((await second).kind).toBe('allowed');
  });

  it('leaves the question with the prompt that was there first', async () => {
    const desk = new ConsentDesk(ARMS_MS);
    const asked: string[] = [];
    const named = (name: string): Prompter => ({
      name,
      ask: async (_question, { onDisplayed }) => {
        asked.push(name);
        onDisplayed();
        return { allow: false };
      },
    });
    using _first = desk.addPrompter(named('the person'));
    using _second = desk.addPrompter(named('a newcomer'));
    await desk.ask(QUESTION, HOUR, quiet, new AbortController().signal);
    expect(asked).toEqual(['the person']);
  });

  it('withdraws the question when the technician goes away', async () => {
    const desk = new ConsentDesk(ARMS_MS);
    using _ = desk.addPrompter(prompter(() => new Promise(() => undefined)));
    const leaving = new AbortController();
    const answer = desk.ask(QUESTION, HOUR, quiet, leaving.signal);
    leaving.abort();
    expect((await answer).kind).toBe('withdrawn');
  });
});
