// The moment from which keys count: not before the question could be read, and not for what was typed before that.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LineDecoder } from '../../protocol/line-codec.ts';
import type { PromptQuestion } from '../consent/prompter.ts';
import { LocalClient } from '../local/client.ts';
import { testTechnician } from '../session/test-session.ts';
import { PromptModel } from './model.ts';

const ARMS_AFTER_MS = 50;

const question: PromptQuestion = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  machine: { id: '482913077', name: 'desk', hipaa: true },
  technician: testTechnician(),
  address: '192.168.1.7',
  reason: 'printer',
  ticket: 'T-1',
  offered: [{ scope: 'diagnostics', title: 'Run health checks', allows: 'Nothing is changed.', preTicked: true }],
  limitMs: 60_000,
  recorded: { output: true, input: false },
  notices: [],
  until: new Date(Date.now() + 60_000).toISOString(),
  armsAfterMs: ARMS_AFTER_MS,
};

let directory: string;
let stack: AsyncDisposableStack;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-model-'));
  stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(directory, { recursive: true }));
});
afterEach(() => stack.disposeAsync());

/** Two ends of a socket: one to write into, and one that the event loop reads like a terminal. */
async function wire(): Promise<readonly [Socket, Socket]> {
  const server = createServer();
  const path = join(directory, `wire-${Math.random()}`);
  server.listen(path);
  await once(server, 'listening');
  const near = createConnection(path);
  const [far] = (await once(server, 'connection')) as [Socket];
  stack.defer(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}

interface Daemon {
  /** Says from now on that it has heard what was displayed. */
  hear(): void;
}

/** A model that shows its question at once, on a daemon that answers all but what was displayed. */
async function attached(onChange: (model: PromptModel) => void): Promise<readonly [PromptModel, Daemon]> {
  const [near, far] = await wire();
  const lines = new LineDecoder();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  far.on('data', (chunk) => {
    for (const line of lines.push(Buffer.from(chunk))) {
      const { id, method } = JSON.parse(line);
      const answered = method === 'prompt.displayed' ? heard : Promise.resolve();
      void answered.then(() => far.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: {} })}\n`));
    }
  });
  const model: PromptModel = new PromptModel(new LocalClient(near), {
    onChange: () => onChange(model),
    show: async () => undefined,
    showMenu: async () => undefined,
    onOver: () => undefined,
  });
  stack.use(model);
  await model.start('test');
  return [model, { hear }];
}

it('comes after what was typed while the program did not run has been read', async () => {
  const [typing, terminal] = await wire();
  const begun = Promise.withResolvers<void>();
  const armed = Promise.withResolvers<void>();
  const [model, daemon] = await attached(({ question }) => (question?.armed === true ? armed : begun).resolve());
  const armedAtKey: (boolean | undefined)[] = [];
  terminal.on('data', () => armedAtKey.push(model.question?.armed));
  model.onShow(question);
  daemon.hear();
  await begun.promise;
  // The keys lie in the system's buffer, and the time after which keys count passes, while nothing of ours runs.
  typing.write('\t\r');
  const end = performance.now() + 3 * ARMS_AFTER_MS;
  while (performance.now() < end);
  await armed.promise;
  expect(armedAtKey).toEqual([false]);
});

it('does not come before the daemon has heard that the question is on screen', async () => {
  const armed = Promise.withResolvers<void>();
  const [model, daemon] = await attached(({ question }) => question?.armed === true && armed.resolve());
  model.onShow(question);
  model.rearm(); // as when the person was writing, or the program was stopped for a while
  await sleep(3 * ARMS_AFTER_MS);
  expect(model.question?.armed).toBe(false);
  daemon.hear();
  await armed.promise;
});

it('says that nobody answered, and does not call somebody who is connected "not let in"', async () => {
  const [daemon] = await wire();
  const model = new PromptModel(new LocalClient(daemon), {
    onChange: () => undefined,
    show: async () => undefined,
    showMenu: async () => undefined,
    onOver: () => undefined,
  });
  stack.use(model);
  const late = { ...question, until: new Date(Date.now() - 1).toISOString() };
  model.onShow(late);
  model.onWithdraw(late.id);
  expect(model.news).toBe(`Nobody answered in time: ${late.technician.name} was not let in.`);
  model.onShow({ ...late, during: { startedAt: '2026-11-22T11:00:00.000Z', scopes: ['diagnostics'] } });
  model.onWithdraw(late.id);
  expect(model.news).toBe(`Nobody answered in time: ${late.technician.name} may do no more than before.`);
});
