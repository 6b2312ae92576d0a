// What a technician's program with a listed key and without the code can make of pairing: a try for each answer, never
// more and never less, and nothing in return.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAIRING_NAME, PAIRING_PROMPT } from '../../protocol/pairing/messages.ts';
import type { InfoRequest } from '../../tui/connection/packet-gate.ts';
import { RealMachine } from '../harness/real-machine.ts';
import type { Technician } from '../harness/technician.ts';

const WRONG_CODE = '99-wrong-guess';
const NEUTRAL = { v: 1, share: Buffer.alloc(32).toString('base64'), tag: Buffer.alloc(64).toString('base64') };

let stack: AsyncDisposableStack;
let machine: RealMachine;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  machine = stack.use(await RealMachine.start({ technicians: [{ name: 'Dana Roe' }, { name: 'Lee Poe' }] }));
});
afterEach(() => stack.disposeAsync());

const triesLeft = async (): Promise<number> => (await (await machine.connectLocal()).code()).attemptsLeft;

/** What was asked, without what is random in it. */
function words({ name, instruction, prompts }: InfoRequest): string {
  return JSON.stringify([name, instruction.replaceAll(/"(exchange|share|now)":"[^"]*"/g, '"$1":""'), prompts]);
}

/** Answers the first offer with what `first` makes of it, and nothing after; resolves with the request that followed. */
async function answerOnce(first: (technician: Technician, offer: InfoRequest) => string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answered = false;
  await using technician: Technician = await machine.technician({
    answer: (request) => {
      if (answered) {
        resolve(words(request));
        return undefined;
      }
      answered = true;
      return [first(technician, request)];
    },
  });
  return await promise;
}

describe('a try', () => {
  it('is not spent by taking the offer and hanging up: it tells nothing about the code', async () => {
    const offers: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      await using technician = await machine.technician({
        answer: ({ name, instruction }) => {
          if (name === PAIRING_NAME) {
            offers.push(instruction);
            resolve();
          }
          return undefined;
        },
      });
      await promise;
      technician.client.destroy();
    }
    expect(new Set(offers).size).toBe(5);
    expect(await triesLeft()).toBe(3);
    expect((await machine.record()).map(({ type }) => type)).not.toContain('code.wrong');
  });

  it('is spent once by a wrong answer, also when its sender hangs up without waiting for the verdict', async () => {
    await using technician: Technician = await machine.technician({
      answer: (request) => {
        setImmediate(() => technician.client.end()); // after the answer, in the same packet flow
        return [technician.prove(request, WRONG_CODE)];
      },
    });
    await machine.untilRecorded(({ type }) => type === 'code.wrong');
    await technician.closed;
    expect(await triesLeft()).toBe(2);
    expect((await machine.record()).filter(({ type }) => type === 'code.wrong')).toHaveLength(1);
  });

  it('is spent in the same words by any answer that is not right', async () => {
    const answers: Record<string, (technician: Technician, offer: InfoRequest) => string> = {
      'another code': (technician, offer) => technician.prove(offer, WRONG_CODE),
      'the neutral point': () => JSON.stringify(NEUTRAL),
      'no answer at all': () => '',
      'the code itself': () => 'code',
      'something more': (technician, offer) => technician.prove(offer).replace('{', '{"x":1,'),
      'the offer sent back': (_, offer) => offer.instruction,
    };
    const heard: string[] = [];
    for (const answer of Object.values(answers)) {
      heard.push(await answerOnce(answer));
      expect(await triesLeft()).toBe(2);
      await machine.chaperoned('code', '--new');
    }
    expect(new Set(heard).size).toBe(1);
    expect(heard[0]).toContain('wrong-code');
  });

  it('is spent in the same words by a code that was replaced after the offer', async () => {
    const wrong = await answerOnce((technician, offer) => technician.prove(offer, WRONG_CODE));
    await machine.chaperoned('code', '--new');
    // Offered before the code changed, answered after it, rightly.
    const { promise: offered, resolve: onOffer } = Promise.withResolvers<InfoRequest>();
    const heard: string[] = [];
    await using technician: Technician = await machine.technician({
      answer: (request) => {
        if (request.prompts.includes(PAIRING_PROMPT)) onOffer(request);
        heard.push(words(request));
        return undefined;
      },
    });
    const offer = await offered;
    await machine.chaperoned('code', '--new');
    const from = (await machine.record()).length;
    technician.respond([technician.prove(offer)]);
    await machine.untilRecorded(({ type }) => type === 'code.wrong', from);
    await technician.untilTold('wrong-code');
    expect(heard[1]).toBe(wrong);
    expect(await triesLeft()).toBe(2);
  });

  it('is not spent by asking for a fresh offer, unless without end', async () => {
    const again = JSON.stringify({ v: 1, again: true });
    let asked = 0;
    await using technician = await machine.technician({
      answer: ({ prompts }) => (prompts.includes(PAIRING_PROMPT) && asked++ < 3 ? [again] : undefined),
    });
    await technician.untilTold('wrong-code');
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(await triesLeft()).toBe(2);
  });
});

describe('tries without end', () => {
  it('are stopped for the key that makes them, before any code is looked at; another technician goes on', async () => {
    for (let codes = 0; codes < 3; codes += 1) {
      await using guessing = await machine.technician({ code: WRONG_CODE });
      await guessing.told.until('has made a new one');
      await guessing.closed;
    }
    const from = (await machine.record()).length;
    await using stopped = await machine.technician();
    await stopped.told.until('Too many codes that do not fit came from here. Try again in 1 minute.');
    await stopped.closed;
    expect(stopped.prompts).toEqual([]);
    expect(await triesLeft()).toBe(3);
    const limited = await machine.untilRecorded(({ type }) => type === 'code.limited', from);
    expect(limited.fields).toMatchObject({ by: 'key' });

    const person = await machine.person();
    await using other = await machine.technician({ name: 'Lee Poe' });
    (await person.asked()).deny();
    await other.closed;
  });
});
