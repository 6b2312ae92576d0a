import { describe, expect, it } from 'vitest';
import { Attempt } from './attempt.ts';
import type { ConnectOptions, ConnectPort } from './ports.ts';

const FORM = { address: 'host', code: '', reason: 'r', ticket: 't', scopes: [] };

/** An attempt whose other side is the test. */
function attempt() {
  let options: ConnectOptions | null = null;
  const port: Pick<ConnectPort, 'connect'> = {
    connect: (_, given) => {
      options = given;
      return new Promise((_resolve, reject) =>
        given.signal.addEventListener('abort', () => reject(new Error('gave up'))),
      );
    },
  };
  const made = new Attempt(port as ConnectPort, FORM);
  made.outcome.catch(() => {});
  return { made, asked: options as unknown as ConnectOptions };
}

describe('an attempt to connect', () => {
  it('shows a question until it is answered', async () => {
    const { made, asked } = attempt();
    const code = asked.onCode({ words: 'the code?', triesLeft: 3 });
    const { question } = made.state();
    expect(question).toMatchObject({ kind: 'code', ask: { triesLeft: 3 } });
    if (question?.kind === 'code') question.answer('27-harbor-violet');
    expect(await code).toBe('27-harbor-violet');
    expect(made.state().question).toBeNull();
  });

  it('that is given up answers no to everything and rejects', async () => {
    const { made, asked } = attempt();
    const trust = asked.onHostKey({ address: 'host', fingerprint: 'f', known: 'other' });
    made[Symbol.dispose]();
    expect(await trust).toBe(false);
    expect(await asked.onCode({ words: '', triesLeft: null })).toBeNull();
    await expect(made.outcome).rejects.toThrow('gave up');
    expect(made.cancelled).toBe(true);
  });

  it('tells of every change', () => {
    const { made, asked } = attempt();
    let changes = 0;
    const listening = made.onChange(() => {
      changes += 1;
    });
    asked.onWaiting({ stage: 'consent', who: 'the person', what: 'to answer', until: 5 });
    expect(made.state().waiting?.stage).toBe('consent');
    listening[Symbol.dispose]();
    asked.onWaiting({ stage: 'opening', who: '', what: '', until: null });
    expect(changes).toBe(1);
  });
});
