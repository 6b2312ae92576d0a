// Who is connected already, as a sentence for the person who is asked to let somebody in beside them.

import type { TechnicianIdentity } from '../../protocol/request.ts';

const NOTICE_MAX = 300; // characters, as the question allows

type Known = Pick<TechnicianIdentity, 'name' | 'keyFingerprint'>;

/** Null when nobody is. The same key is the same person, however often it asks. */
export function connectedAlready(asking: Known, connected: readonly Known[]): string | null {
  const others = connected.filter(({ keyFingerprint }) => keyFingerprint !== asking.keyFingerprint);
  const isAgain = others.length < connected.length;
  const names = [...new Set(others.map(({ name }) => name))];
  if (isAgain) names.unshift(asking.name);
  if (names.length === 0) return null;
  const are = names.length === 1 ? 'is' : 'are';
  const again = `one more session of ${names.length === 1 ? 'theirs' : asking.name}`;
  const more = isAgain ? again : names.length === 1 ? 'a second person' : 'one more person';
  return `${names.join(' and ')} ${are} connected already. This would be ${more}.`.slice(0, NOTICE_MAX);
}
