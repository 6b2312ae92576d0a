// What a technician can ask over the control channel. Everything that happens goes through here, and is logged first.

import type {
  AuditEventView,
  NotificationMethod,
  NotificationParams,
  RequestMethod,
  RequestParams,
  RequestResult,
  SessionState,
} from '../../protocol/control/messages.ts';
import { RPC_ERRORS } from '../../protocol/control/rpc.ts';
import { parseParameters } from '../../protocol/diagnostics.ts';
import { DIAGNOSTICS_MAX } from '../../protocol/receipt.ts';
import { sanitiseText } from '../../protocol/terminal/sanitise.ts';
import type { AuditEvent } from '../audit/machine-log.ts';
import type { Guided } from '../guided/guided.ts';
import type { Machine } from '../machine.ts';
import { refusesDiagnostic } from '../policy/policy.ts';
import { askForMore } from '../session/ask-for-more.ts';
import type { Session } from '../session/session.ts';
import { POLICY_TAKES, TECHNICIAN_ENDED, TECHNICIAN_FINISHED } from '../session/words.ts';
import { eventView } from './event-view.ts';
import { ControlRefusal } from './refusal.ts';
import { oneLine, Suggestions } from './suggestions.ts';

const MESSAGES_MAX = 500; // chat lines and notes of a technician in one session
const LIST_BYTES = 192 * 1024; // of one answer; a line of the control channel holds 256 KiB
const RUNS_MAX = 4; // diagnostics at once in one session, on however many control channels

/** With the first technician who looks at them: most of the time nobody does. */
async function loadDiagnostics() {
  const { CATALOGUE } = await import('../diagnostics/catalogue.ts');
  const { runDiagnostic } = await import('../diagnostics/runner.ts');
  return { CATALOGUE, runDiagnostic };
}

export type Notify = <M extends NotificationMethod>(method: M, params: NotificationParams<M>) => void;

export class ControlMethods {
  readonly #session: Session;
  readonly #machine: Machine;
  readonly #notify: Notify;
  readonly #suggestions: Suggestions;
  #questions = 0;
  readonly #runs = new Map<number, { readonly cancel: AbortController; readonly done: Promise<void> }>();

  constructor(session: Session, machine: Machine, guided: Guided, notify: Notify) {
    this.#session = session;
    this.#machine = machine;
    this.#notify = notify;
    this.#suggestions = new Suggestions(guided, notify);
  }

  state(): SessionState {
    const { state, because } = this.#session;
    const others = this.#machine.sessions.live
      .filter((each) => each !== this.#session && each.state !== 'ended' && each.state !== 'granted')
      .map(({ grant }) => grant.technician.name);
    return { state, message: because, at: new Date().toISOString(), others };
  }

  /** Dispatches a request whose parameters were parsed by its schema. */
  async call(method: RequestMethod, params: unknown): Promise<unknown> {
    const handler: (params: never) => unknown = this.#handlers[method];
    return await handler(params as never);
  }

  /** Stops every running diagnostic and suggested command. */
  cancelAll(): void {
    this.#suggestions.cancelAll();
    for (const run of this.#runs.values()) {
      run.cancel.abort();
    }
  }

  /** Resolves when none runs any more. */
  async finished(): Promise<void> {
    await Promise.allSettled([...this.#runs.values()].map((run) => run.done));
  }

  readonly #handlers: {
    [M in RequestMethod]: (params: RequestParams<M>) => RequestResult<M> | Promise<RequestResult<M>>;
  } = {
    'session.info': () => ({
      grant: this.#session.grant,
      grantNote: this.#session.grantNote,
      machineKey: this.#machine.keys.signer.verifier.key,
      state: this.state(),
      startedAt: this.#session.startedAt.toISOString(),
      now: new Date().toISOString(),
    }),
    'session.end': ({ finished = false }) => {
      this.#session.end('technician', finished ? TECHNICIAN_FINISHED : TECHNICIAN_ENDED);
      return {};
    },
    'audit.list': () => ({ events: newestThatFit(this.#machine.trail.of(this.#session.id)) }),
    'diagnostics.list': async () => {
      const { CATALOGUE } = await loadDiagnostics();
      this.#need('diagnostics');
      const { policy } = this.#machine;
      const allowed = CATALOGUE.filter(({ descriptor }) => !refusesDiagnostic(policy, descriptor.id));
      return { diagnostics: allowed.map(({ descriptor }) => descriptor) };
    },
    'diagnostics.run': (params) => this.#run(params),
    'diagnostics.cancel': ({ run }) => {
      this.#runs.get(run)?.cancel.abort();
      return {};
    },
    'scope.request': (params) => this.#askForMore(params),
    'command.propose': (params) => this.#suggestions.propose(params),
    'command.cancel': ({ proposal }) => this.#suggestions.cancel(proposal),
    'reboot.prepare': async () => {
      this.#need('reboot');
      this.#session.counters.scopesUsed.add('reboot');
      return await this.#machine.leases.make(this.#session);
    },
    'chat.send': async ({ text }) => {
      await this.#say(text);
      return {};
    },
    'note.add': async ({ text }) => {
      this.#countMessage();
      await this.#machine.log.append('note.added', { text: clean(text) }, this.#context());
      return {};
    },
  };

  async #say(text: string): Promise<void> {
    this.#countMessage();
    const message = { from: 'technician' as const, text: clean(text) };
    await this.#machine.log.append('chat.message', message, this.#context());
    this.#session.chat.emit({ ...message, at: new Date().toISOString() });
  }

  async #askForMore({ scopes, reason }: RequestParams<'scope.request'>): Promise<RequestResult<'scope.request'>> {
    this.#needActive();
    const wanted = { scopes, reason: oneLine(reason, 'the reason') };
    const { answered } = await askForMore(this.#machine, this.#session, wanted);
    this.#questions += 1;
    const question = this.#questions;
    void answered.then((answer) => this.#notify('scope.answered', { question, ...answer }));
    return { question };
  }

  async #run({ id, parameters }: RequestParams<'diagnostics.run'>): Promise<RequestResult<'diagnostics.run'>> {
    const { CATALOGUE, runDiagnostic } = await loadDiagnostics();
    this.#need('diagnostics');
    const diagnostic = CATALOGUE.find((candidate) => candidate.descriptor.id === id);
    if (diagnostic === undefined) {
      throw new ControlRefusal(RPC_ERRORS.invalidParams, `there is no diagnostic ${clean(id)}`, 'list them first');
    }
    if (refusesDiagnostic(this.#machine.policy, diagnostic.descriptor.id)) {
      const words = `this computer's policy does not allow the diagnostic ${diagnostic.descriptor.id}`;
      this.#session.refusals.record({ what: 'control diagnostics', detail: 'refused by the policy' });
      throw new ControlRefusal(RPC_ERRORS.notPermitted, words, 'its administrator decides: diagnostics.refuse');
    }
    const { counters } = this.#session;
    if (counters.diagnosticsRunning >= RUNS_MAX) {
      throw new ControlRefusal(
        RPC_ERRORS.busy,
        `${RUNS_MAX} diagnostics are running already`,
        'wait for one, or cancel it',
      );
    }
    if (counters.diagnosticsStarted >= DIAGNOSTICS_MAX) {
      throw new ControlRefusal(
        RPC_ERRORS.busy,
        `this session has run ${DIAGNOSTICS_MAX} diagnostics, which is the limit`,
      );
    }
    parseParameters(diagnostic.descriptor, parameters);
    // Counted before the log is waited for: requests that come together must not all find the place free.
    counters.diagnosticsStarted += 1;
    counters.diagnosticsRunning += 1;
    const run = counters.diagnosticsStarted;
    const startedAt = new Date().toISOString();
    const started = this.#machine.log.append('diagnostic.started', { id, parameters }, this.#context());

    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, this.#session.whileHeld('diagnostics')]);
    const refused = () => refusesDiagnostic(this.#machine.policy, id);
    const policy = this.#machine.policies.changed.on(() => {
      if (refused()) cancel.abort();
    });
    const running = async () => {
      counters.scopesUsed.add('diagnostics');
      // The answer with the number of the run goes out before its first output.
      await new Promise((resolve) => setImmediate(resolve));
      const ended = await runDiagnostic(diagnostic, parameters, {
        signal,
        emit: async (output) => {
          await this.#session.whenRunning();
          if (!signal.aborted) {
            this.#notify('diagnostics.output', { run, output });
          }
        },
      });
      const end = ended.outcome === 'cancelled' && refused() ? { ...ended, message: POLICY_TAKES } : ended;
      counters.diagnostics.push({ id, startedAt, outcome: end.outcome });
      const { outcome, message, durationMs } = end;
      await this.#machine.log.append('diagnostic.ended', { id, outcome, message, durationMs }, this.#context());
      this.#notify('diagnostics.end', { run, end });
    };
    const broke = (problem: unknown) => {
      this.#machine.logger.error({ session: this.#session.id, id, problem }, 'a diagnostic broke');
      this.#notify('diagnostics.end', {
        run,
        end: { outcome: 'failed', message: 'the machine could not run this', truncated: false, durationMs: 0 },
      });
    };
    const done = started
      .then(
        () => running().catch(broke),
        () => undefined, // it was not logged, so it is not run; the request is answered with the error
      )
      .finally(() => {
        policy[Symbol.dispose]();
        counters.diagnosticsRunning -= 1;
        this.#runs.delete(run);
      });
    this.#runs.set(run, { cancel, done });
    await started;
    return { run };
  }

  /** Each message is a leaf of the log for six years: a session has room for a conversation, not for a flood. */
  #countMessage(): void {
    const { counters } = this.#session;
    if (counters.messages >= MESSAGES_MAX) {
      throw new ControlRefusal(
        RPC_ERRORS.busy,
        `this session has ${MESSAGES_MAX} messages and notes, which is the limit`,
      );
    }
    counters.messages += 1;
  }

  #need(scope: 'diagnostics' | 'reboot'): void {
    if (!this.#session.grant.scopes.includes(scope)) {
      this.#session.refusals.record({ what: `control ${scope}`, detail: 'outside the grant' });
      throw new ControlRefusal(
        RPC_ERRORS.notPermitted,
        `the person did not allow ${scope === 'reboot' ? 'a return after a restart' : 'health checks'}`,
      );
    }
    this.#needActive();
  }

  #needActive(): void {
    if (this.#session.state === 'paused') {
      throw new ControlRefusal(RPC_ERRORS.sessionPaused, `the session is paused: ${this.#session.because}`);
    }
    if (this.#session.state !== 'active') {
      throw new ControlRefusal(RPC_ERRORS.sessionEnded, 'the session is over');
    }
  }

  #context() {
    return { session: this.#session.id, actor: this.#session.grant.technician.keyFingerprint };
  }
}

/** Events oldest first, as many of the newest as fit into one answer. */
function newestThatFit(events: readonly AuditEvent[]): AuditEventView[] {
  const fitting: AuditEventView[] = [];
  let bytes = 0;
  for (const event of events.toReversed()) {
    const view = eventView(event);
    bytes += Buffer.byteLength(JSON.stringify(view));
    if (bytes > LIST_BYTES) {
      break;
    }
    fitting.unshift(view);
  }
  return fitting;
}

function clean(text: string): string {
  return sanitiseText(text, { maxLength: 2000, maxLines: 50 });
}
