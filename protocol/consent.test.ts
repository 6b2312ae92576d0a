import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONSENT_EVENTS,
  CONSENT_STATES,
  type ConsentEvent,
  type ConsentState,
  FINAL_STATES,
  nextState,
  OPEN_STATES,
} from './consent.ts';

const anyEvents = fc.array(fc.constantFrom(...CONSENT_EVENTS), { maxLength: 40 });

/** All states in order when `events` happen and forbidden ones change nothing. */
function walk(events: readonly ConsentEvent[]): ConsentState[] {
  const states: ConsentState[] = ['requested'];
  for (const event of events) {
    const state = states.at(-1) ?? 'requested';
    states.push(nextState(state, event) ?? state);
  }
  return states;
}

describe('promise 1: nothing runs before the person accepts', () => {
  it('reaches no open state without having been granted, whatever happens', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = walk(events);
        const opened = states.findIndex((state) => OPEN_STATES.has(state));
        expect(opened === -1 || states.slice(0, opened).includes('granted')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is granted only from a prompt that was on screen', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = walk(events);
        const granted = states.indexOf('granted');
        expect(granted === -1 || states[granted - 1] === 'displayed').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the happy path, step by step', () => {
    expect(
      walk(['codeAccepted', 'promptSent', 'promptDisplayed', 'allowed', 'opened', 'pause', 'resume', 'end']),
    ).toEqual([
      'requested',
      'paired',
      'prompting',
      'displayed',
      'granted',
      'active',
      'paused',
      'active',
      'ended',
    ] satisfies ConsentState[]);
  });
});

describe('the table of states', () => {
  it.each(CONSENT_STATES.filter((state) => !FINAL_STATES.has(state)))('%s can end', (state) => {
    expect(nextState(state, 'end')).toBe('ended');
  });

  it.each([...FINAL_STATES])('nothing follows %s', (state) => {
    for (const event of CONSENT_EVENTS) {
      expect(nextState(state, event)).toBeNull();
    }
  });

  it('leads from silence, refusal and absence to no session', () => {
    expect(nextState('displayed', 'timedOut')).toBe('expired');
    expect(nextState('displayed', 'declined')).toBe('denied');
    expect(nextState('paired', 'nobodyToAsk')).toBe('denied');
    expect(nextState('prompting', 'allowed')).toBeNull();
  });
});
