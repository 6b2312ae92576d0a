import { expect, it } from 'vitest';
import { WaitingConnections } from './waiting-connections.ts';

it('lets four connections of a key wait, sends away the one that waits longest, and gives free places again', () => {
  const waiting = new WaitingConnections();
  const left: string[] = [];
  const enter = (key: string, name: string) => waiting.enter(key, () => left.push(name));
  const [first, second] = ['a1', 'a2', 'a3', 'a4'].map((name) => enter('a', name));
  enter('b', 'b1');
  expect(left).toEqual([]);
  enter('a', 'a5');
  expect(left).toEqual(['a1']);
  first?.[Symbol.dispose]();
  second?.[Symbol.dispose]();
  enter('a', 'a6');
  expect(left).toEqual(['a1']);
  enter('a', 'a7');
  expect(left).toEqual(['a1', 'a3']);
});
