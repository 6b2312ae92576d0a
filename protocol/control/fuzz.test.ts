// What a hostile program may write into the control channel: it is read as a message of the protocol, or refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTIFICATIONS, REQUESTS } from './messages.ts';
import { parseRpc } from './rpc.ts';

const schemas = [
  ...Object.entries(REQUESTS).flatMap(([name, { params, result }]) => [
    [`params of ${name}`, params] as const,
    [`result of ${name}`, result] as const,
  ]),
  ...Object.entries(NOTIFICATIONS),
];
/** Names that the protocol has, so that guesses come near to it; and those that objects have of themselves. */
const names = fc.constantFrom(
  ...['jsonrpc', 'id', 'method', 'params', 'result', 'error', 'code', 'message', 'text', 'scopes', 'reason', 'argv'],
  ...['session', 'purpose', 'command', 'name', 'parameters', '__proto__', 'constructor', 'toString'],
);
const values = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      '2.0',
      1,
      -1,
      0.5,
      1e300,
      'shell',
      'diagnostics',
      '\u001b]52;c;AA\u0007',
      '\u202e',
    ),
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.double(),
  ),
  object: fc.dictionary(names, tie('value'), { maxKeys: 8, noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 8 }),
  value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object'), tie('list')),
})).value;

describe('the control channel', () => {
  it('reads any line as a message or as nothing, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          values.map((value) => JSON.stringify(value) ?? ''),
        ),
        (line) => {
          const message = parseRpc(line);
          expect(message === null || message.jsonrpc === '2.0').toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('still reads each honest message with one character changed as a message or as nothing', () => {
    const honest = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'chat.send', params: { text: 'hello' } });
    for (let at = 0; at < honest.length; at += 1) {
      for (const changed of ['', '"', '{', '}', '\\', '\u0000', '9']) {
        const line = honest.slice(0, at) + changed + honest.slice(at + 1);
        expect(() => parseRpc(line)).not.toThrow();
      }
    }
  });

  it.each(schemas)(
    'judges whatever comes as %s, and what it lets through has nothing that it does not know',
    (_name, schema) => {
      fc.assert(
        fc.property(values, (value) => {
          const judged = schema.safeParse(value);
          if (!judged.success) return;
          expect(schema.safeParse(JSON.parse(JSON.stringify(judged.data))).success).toBe(true);
        }),
        { numRuns: 200 },
      );
    },
  );
});
