import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ConversationStatus } from '../conversation.ts';
import { MachineSide } from './machine-side.ts';
import { PairingAnswer, PairingConfirmation, PairingOffer } from './messages.ts';
import { answerOffer } from './technician-side.ts';
import type { PairingTerms } from './terms.ts';

const CODE = '27-harbor-violet';
const TERMS: PairingTerms = {
  hostKey: 'SHA256:machine',
  technicianKey: 'SHA256:technician',
  sshSession: randomBytes(32),
  connectionId: '482913077',
};
const WELCOME: ConversationStatus = {
  v: 1,
  state: 'welcome',
  message: 'Hello.',
  machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
};

function offerOf(machine: MachineSide): PairingOffer {
  return PairingOffer.parse(JSON.parse(machine.offer(WELCOME)));
}

function answerTo(offer: PairingOffer, { code = CODE, terms = TERMS } = {}) {
  const answered = answerOffer(offer, code, terms);
  if (answered === null) throw new Error('the offer was not taken');
  const answer = PairingAnswer.parse(JSON.parse(answered.answer));
  if ('again' in answer) throw new Error('the answer answers nothing');
  return { ...answered, answer };
}

describe('pairing', () => {
  it('proves the code to both sides', () => {
    const machine = new MachineSide(CODE, TERMS);
    const offer = offerOf(machine);
    expect(offer.status).toEqual(WELCOME);
    const { answer, confirms } = answerTo(offer);
    const confirmation = PairingConfirmation.parse(JSON.parse(machine.judge(answer) ?? 'null'));
    expect(confirms(confirmation)).toBe(true);
    expect(confirms({ ...confirmation, tag: confirmation.tag.map((byte, at) => (at === 63 ? byte ^ 1 : byte)) })).toBe(
      false,
    );
  });

  it('fails for another code, and the machine then proves nothing', () => {
    const machine = new MachineSide(CODE, TERMS);
    const { answer } = answerTo(offerOf(machine), { code: '28-harbor-violet' });
    expect(machine.judge(answer)).toBeNull();
  });

  it.each([
    ['host key', { hostKey: 'SHA256:in between' }],
    ["technician's key", { technicianKey: 'SHA256:in between' }],
    ['SSH session', { sshSession: randomBytes(32) }],
    ['connection ID', { connectionId: '482913078' }],
  ])('fails when the two sides see another %s, although both have the code', (_what, seen) => {
    const machine = new MachineSide(CODE, TERMS);
    const { answer } = answerTo(offerOf(machine), { terms: { ...TERMS, ...seen } });
    expect(machine.judge(answer)).toBeNull();
  });

  it('judges one answer: the right one after a wrong one is too late', () => {
    const machine = new MachineSide(CODE, TERMS);
    const offer = offerOf(machine);
    expect(machine.judge(answerTo(offer, { code: '28-harbor-violet' }).answer)).toBeNull();
    expect(machine.judge(answerTo(offer).answer)).toBeNull();
  });

  it('does not take its own words back as an answer', () => {
    const machine = new MachineSide(CODE, TERMS);
    const offer = offerOf(machine);
    const { answer } = answerTo(offer);
    expect(machine.judge({ share: offer.share, tag: answer.tag })).toBeNull();
  });

  it('does not take an answer that was given to another offer', () => {
    const first = new MachineSide(CODE, TERMS);
    const second = new MachineSide(CODE, TERMS);
    expect(second.judge(answerTo(offerOf(first)).answer)).toBeNull();
  });

  it('answers no offer without a point', () => {
    const offer = offerOf(new MachineSide(CODE, TERMS));
    expect(answerOffer({ ...offer, share: new Uint8Array(32) }, CODE, TERMS)).toBeNull();
    expect(new MachineSide(CODE, TERMS).judge({ share: new Uint8Array(32), tag: new Uint8Array(64) })).toBeNull();
  });

  it.each([
    ['a byte less', Buffer.alloc(31).toString('base64')],
    ['a byte more', Buffer.alloc(33).toString('base64')],
    ['base64url', Buffer.alloc(32, 0xff).toString('base64url')],
    ['a second form of the same bytes', `${Buffer.alloc(32).toString('base64').slice(0, -2)}B=`],
    ['no text', 7],
  ])('takes no share that is %s', (_what, share) => {
    const tag = Buffer.alloc(64).toString('base64');
    expect(PairingAnswer.safeParse({ v: 1, share: Buffer.alloc(32).toString('base64'), tag }).success).toBe(true);
    expect(PairingAnswer.safeParse({ v: 1, share, tag }).success).toBe(false);
  });
});
