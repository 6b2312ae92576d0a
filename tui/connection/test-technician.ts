// A technician for tests: a home of their own, a key, and answers given in advance. Never shipped.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../../protocol/scopes.ts';
import type { CodeQuestion, HostKeyQuestion, Waiting } from '../dashboard/ports.ts';
import { connectTo } from './connect-to.ts';
import type { LiveSession } from './live-session.ts';
import { makeOwnKeyFile } from './own-key.ts';
import { TEST_CODE } from './test-machine.ts';

export class TestTechnician implements Disposable {
  readonly home = mkdtempSync(join(tmpdir(), 'chaperone-technician-'));
  readonly environment = { CHAPERONE_HOME: this.home, HOME: this.home };
  readonly waited: Waiting[] = [];
  readonly hostKeyQuestions: HostKeyQuestion[] = [];
  readonly codeQuestions: CodeQuestion[] = [];
  readonly abort = new AbortController();
  /** Answers to `onHostKey`. */
  trusts = true;
  /** Given one after the other when the machine asks for a code; then the technician gives up. */
  codes: string[] = [];
  onWaiting: (waiting: Waiting) => void = () => undefined;

  constructor() {
    makeOwnKeyFile(this.environment);
  }

  connect(
    target: string,
    more: { code?: string; scopes?: Scope[]; fingerprint?: string | null; identity?: string | null } = {},
  ): Promise<LiveSession> {
    return connectTo({
      target,
      code: more.code ?? TEST_CODE,
      request: { reason: 'printer does not print', ticket: 'T-1', scopes: more.scopes ?? ['diagnostics', 'shell'] },
      identity: more.identity ?? null,
      fingerprint: more.fingerprint ?? null,
      askPassphrase: null,
      environment: this.environment,
      people: {
        onWaiting: (waiting) => {
          this.waited.push(waiting);
          this.onWaiting(waiting);
        },
        onHostKey: async (question) => {
          this.hostKeyQuestions.push(question);
          return this.trusts;
        },
        onCode: async (question) => {
          this.codeQuestions.push(question);
          return this.codes.shift() ?? null;
        },
        signal: this.abort.signal,
      },
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
