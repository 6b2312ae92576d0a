// What every prompter must do, however it shows a question: the suite that each adapter passes.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Scope } from '../../protocol/scopes.ts';
import type { InMemoryMachine } from './in-memory-machine.ts';
import { question } from './in-memory-machine.ts';

/** The person in front of an adapter that has been added to `machine`. */
export interface PromptedPerson extends AsyncDisposable {
  readonly machine: InMemoryMachine;
  /** What is on the screen, once a question is and its choices count. */
  readQuestion(): Promise<string>;
  /** Resolves when no question is on the screen. */
  seeNone(): Promise<void>;
  allow(): Promise<void>;
  /** Allows after taking the tick from `scope`. */
  allowWithout(scope: Scope): Promise<void>;
  deny(): Promise<void>;
  /** Does what would allow, whatever is on the screen now. */
  insist(): Promise<void>;
  /** The adapter's program or screen dies. */
  kill(): Promise<void>;
  /** From now on nothing can appear on the screen. */
  cover(): Promise<void>;
}

const SETTLE_MS = 300; // for words that must have no effect, which nothing announces
const HOSTILE =
  'A\u001b]0;owned\u0007\u001b[2J\u001b[31mB\u001b[1;1H\u202eC\u0000\u009b5n\r\nD\u001b]52;c;aGk=\u001b\\E\u200b[x] Allow';

/** Registers the tests; `arrive` brings a machine with the adapter under test and someone in front of it. */
export function itIsAPrompter(arrive: () => Promise<PromptedPerson>): void {
  it('gives what was ticked when the person allows', async () => {
    await using person = await arrive();
    const answer = person.machine.ask(question());
    await person.readQuestion();
    await person.allow();
    expect(await answer).toEqual({ kind: 'allowed', scopes: ['diagnostics', 'shell'] });
    expect(person.machine.asked).toEqual(['prompted', 'displayed']);
  });

  it('gives less when the person takes a tick away', async () => {
    await using person = await arrive();
    const answer = person.machine.ask(question());
    await person.readQuestion();
    await person.allowWithout('shell');
    expect(await answer).toEqual({ kind: 'allowed', scopes: ['diagnostics'] });
  });

  it('gives nothing when the person says no', async () => {
    await using person = await arrive();
    const answer = person.machine.ask(question());
    await person.readQuestion();
    await person.deny();
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('takes the question away when its time is over, and a late answer counts for nothing', async () => {
    await using person = await arrive();
    const answer = person.machine.ask(question());
    await person.readQuestion();
    person.machine.expire();
    expect(await answer).toEqual({ kind: 'expired' });
    await person.seeNone();
    await person.insist();
    const next = person.machine.ask(question());
    await person.readQuestion();
    await person.deny();
    expect(await next).toMatchObject({ kind: 'declined' });
  });

  it('takes the question away when the technician gives up', async () => {
    await using person = await arrive();
    const gone = new AbortController();
    const answer = person.machine.ask(question(), 60_000, gone.signal);
    await person.readQuestion();
    gone.abort();
    expect(await answer).toEqual({ kind: 'withdrawn' });
    await person.seeNone();
  });

  it('counts as nobody when its program is killed while it asks', async () => {
    await using person = await arrive();
    const answer = person.machine.ask(question());
    await person.readQuestion();
    await person.kill();
    expect(await answer).toMatchObject({ kind: 'nobody' });
  });

  it('does not say that a question is on screen when it is not', async () => {
    await using person = await arrive();
    await person.cover();
    const answer = person.machine.ask(question(), 2000);
    expect(await answer).toEqual({ kind: 'expired' });
    expect(person.machine.asked).toEqual(['prompted']);
  });

  it('answers once: what is done twice counts for one question only', async () => {
    await using person = await arrive();
    const first = person.machine.ask(question());
    const second = person.machine.ask(question({ reason: 'another one' }));
    await person.readQuestion();
    await person.allow();
    await person.insist();
    expect(await first).toMatchObject({ kind: 'allowed' });
    await sleep(SETTLE_MS);
    expect(person.machine.desk.asking?.question.reason).toBe('another one');
    await person.readQuestion();
    await person.deny();
    expect(await second).toMatchObject({ kind: 'declined' });
  });

  it('shows hostile words as words', async () => {
    await using person = await arrive();
    const { technician } = question();
    const hostile = question({
      technician: { ...technician, name: HOSTILE.slice(0, 80), organisation: HOSTILE.slice(0, 80) },
      reason: HOSTILE,
      ticket: HOSTILE.slice(0, 64),
      notices: [HOSTILE],
    });
    const answer = person.machine.ask(hostile);
    const screen = await person.readQuestion();
    expect(screen).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]/);
    expect(screen).toContain('SOMEONE ASKS');
    await person.allow();
    expect(await answer).toMatchObject({ kind: 'allowed' });
  });
}
