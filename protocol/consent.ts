// The life of a request and of the session it may become: a pure table that the daemon drives (DESIGN.md §6).

export const CONSENT_STATES = [
  'requested',
  'paired',
  'prompting',
  'displayed',
  'granted',
  'active',
  'paused',
  'ended',
  'denied',
  'expired',
] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

export const CONSENT_EVENTS = [
  'codeAccepted',
  'promptSent',
  'promptDisplayed',
  'allowed',
  'declined',
  'timedOut',
  'nobodyToAsk',
  'opened',
  'pause',
  'resume',
  'end',
] as const;
export type ConsentEvent = (typeof CONSENT_EVENTS)[number];

/** Nothing follows these. */
export const FINAL_STATES: ReadonlySet<ConsentState> = new Set(['ended', 'denied', 'expired']);

/** The states in which channels may exist. */
export const OPEN_STATES: ReadonlySet<ConsentState> = new Set(['active', 'paused']);

/**
 * What follows what. An event that is missing in a row is not allowed in that state. `active` is reached from
 * `granted` alone (and back from `paused`), and `granted` from `displayed` alone: an answer to a prompt that
 * nobody saw is not consent.
 */
export const TRANSITIONS: Readonly<Record<ConsentState, Readonly<Partial<Record<ConsentEvent, ConsentState>>>>> = {
  requested: { codeAccepted: 'paired', end: 'ended' },
  paired: { promptSent: 'prompting', nobodyToAsk: 'denied', end: 'ended' },
  prompting: {
    promptDisplayed: 'displayed',
    declined: 'denied',
    nobodyToAsk: 'denied',
    timedOut: 'expired',
    end: 'ended',
  },
  displayed: { allowed: 'granted', declined: 'denied', nobodyToAsk: 'denied', timedOut: 'expired', end: 'ended' },
  granted: { opened: 'active', end: 'ended' },
  active: { pause: 'paused', end: 'ended' },
  paused: { resume: 'active', end: 'ended' },
  ended: {},
  denied: {},
  expired: {},
};

/** The state after `event`, or null when the table forbids it (the caller treats that as a denial). */
export function nextState(state: ConsentState, event: ConsentEvent): ConsentState | null {
  return TRANSITIONS[state][event] ?? null;
}

/** A prompt that does not say within this time that it is on screen is a denial: "no one could be asked". */
export const DISPLAY_TIMEOUT_MS = 10_000;
/** Allow counts only this long after the prompt appeared, so that stray typing cannot accept. */
export const ALLOW_ARMS_AFTER_MS = 1_500;
