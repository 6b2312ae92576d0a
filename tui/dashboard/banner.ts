// The consent banner: with whom, what is allowed, how long still, and whether it is recorded. Always on screen.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import { type Meaning, paint } from '../theme.ts';
import type { BANNER_ROWS } from './layout.ts';
import { countdown } from './phrases.ts';
import type { SessionSnapshot } from './ports.ts';

const HURRY_MS = 5 * 60_000; // from here on the time left is worth a sign of its own

const MEANINGS = {
  active: 'bannerActive',
  paused: 'bannerPaused',
  ended: 'bannerEnded',
} as const satisfies Record<SessionSnapshot['state'], Meaning>;

/** Two rows of exactly `cols` cells. @param now epoch milliseconds */
export function bannerRows(
  session: SessionSnapshot,
  cols: number,
  now: number,
): readonly string[] & { readonly length: typeof BANNER_ROWS } {
  const meaning = MEANINGS[session.state];
  const { machine, technician } = session.grant;
  const who = `${machine.name} (${formatConnectionId(machine.id)})`;
  // Why nothing goes on matters more than who one is, and must be seen in every tab.
  const paused = session.state === 'paused' && session.because !== '';
  const aside = paused ? `: ${session.because}` : cols >= 100 ? ` · you are ${technician.name}` : '';
  const { others = [], presence = '' } = session;
  const company = others.length === 0 ? '' : ` · with ${others.join(', ')}`;
  const away = presence === '' || paused ? '' : ' · nobody is there';
  const first = ends(` ${sign(session)} ${who}${company}${aside}${away}`, timeLeft(session, now), cols);
  const state = `${recording(session)} `;
  const second = ends(allowed(session, cols - cellWidth(state) - 1), state, cols);
  return [paint(meaning, first), paint(meaning, second)];
}

function sign(session: SessionSnapshot): string {
  if (session.state === 'ended') return '■ ENDED';
  if (session.state === 'paused') return '‖ PAUSED';
  return '● LIVE';
}

function timeLeft(session: SessionSnapshot, now: number): string {
  if (session.state === 'ended') return 'over ';
  const left = session.until - now;
  return `${left < HURRY_MS ? '! ' : ''}${countdown(left)} left `;
}

/** Scope names rather than their sentences, and without a label where that makes room: all of them must be seen. */
function allowed({ state, grant }: SessionSnapshot, room: number): string {
  const scopes = grant.scopes.length === 0 ? 'nothing any more' : grant.scopes.join(', ');
  const labelled = ` ${state === 'ended' ? 'Was allowed' : 'Allowed'}: ${scopes}`;
  return cellWidth(labelled) <= room ? labelled : ` ${scopes}`;
}

function recording({ grant, recording: state }: SessionSnapshot): string {
  const parts = [];
  if (grant.machine.hipaa) parts.push('HIPAA');
  if (!grant.sandboxed) parts.push('no sandbox');
  parts.push({ on: 'recorded', off: 'NOT recorded', failed: 'RECORDING FAILED' }[state]);
  return parts.join(' · ');
}

/** The right part is whole; the left one gets what is left. */
function ends(left: string, right: string, cols: number): string {
  const width = Math.min(cols, cellWidth(right) + 1);
  return fitCells(left, cols - width) + fitCells(` ${right}`, width);
}
