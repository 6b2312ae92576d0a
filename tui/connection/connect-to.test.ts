import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODE_PROMPT } from '../../protocol/conversation.ts';
import { TEST_CODE, TEST_ID, TestMachine, type TestMachineOptions } from './test-machine.ts';
import { TestTechnician } from './test-technician.ts';

let stack: AsyncDisposableStack;
let technician: TestTechnician;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  technician = stack.use(new TestTechnician());
});
afterEach(() => stack.disposeAsync());

async function machine(options: TestMachineOptions = {}): Promise<TestMachine> {
  return stack.use(await TestMachine.start(options));
}

describe('connecting', () => {
  it('leads from an address to a session whose grant is verified', async () => {
    const there = await machine();
    const session = await technician.connect(there.address);
    expect(there.codes).toEqual([TEST_CODE]);
    expect(there.asked).toEqual(['printer does not print', 'T-1', 'diagnostics shell']);
    expect(session.snapshot()).toMatchObject({ state: 'active', recording: 'on', receipt: null });
    expect(technician.waited.map((waiting) => waiting.stage)).toContain('consent');
    await session.end();
    expect(session.snapshot()).toMatchObject({ state: 'ended', receipt: { verified: true } });
    expect(session.trouble).toBeNull();
  });

  it('asks for the code when none was given, and again after a wrong one', async () => {
    const there = await machine({
      talk: async (talk, self) => {
        await talk.tell('welcome');
        self.codes.push(...(await talk.raw('', '', [CODE_PROMPT])));
        await talk.tell('wrong-code', { attemptsLeft: 2, message: 'That code is not right.' });
        self.codes.push(...(await talk.raw('', '', [CODE_PROMPT])));
        await talk.tell('refused', { code: 'new-code-needed', message: 'That was the third.' });
        return false;
      },
    });
    technician.codes = ['1-a-b', '2-a-b'];
    await expect(technician.connect(there.address, { code: '' })).rejects.toMatchObject({ exitCode: 3 });
    expect(there.codes).toEqual(['1-a-b', '2-a-b']);
    expect(technician.codeQuestions).toEqual([
      { words: '', triesLeft: null },
      { words: 'That code is not right.', triesLeft: 2 },
    ]);
  });

  it('finds a machine by its connection ID once it has met it', async () => {
    const there = await machine();
    await (await technician.connect(`${TEST_ID}@${there.address}`)).end();
    expect(technician.hostKeyQuestions).toHaveLength(1);
  });
});
