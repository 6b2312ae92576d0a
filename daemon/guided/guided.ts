// Guided mode (`shell.suggest`): a technician proposes a command and says what for; the person approves exactly that,
// changes it, or says no; only then it runs.

import { randomUUID } from 'node:crypto';
import { RPC_ERRORS } from '../../protocol/control/rpc.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { Refusing, ReviewAnswer } from '../consent/desk.ts';
import { refusalReason, refusalWords } from '../consent/refusal-words.ts';
import { ControlRefusal } from '../control/refusal.ts';
import type { Machine } from '../machine.ts';
import { ProcessesSurvived } from '../run/tree-kill.ts';
import type { Session } from '../session/session.ts';
import { type Approval, approvalBefore, approvalNow } from './approval-words.ts';
import { COMMAND_LIMIT_MS, type RunEnd, runApproved } from './approved-run.ts';
import { classify, type Verdict } from './classify.ts';
import { type CommandForm, formInWords, formOf, hasForm } from './form.ts';
import { type ParsedCommand, parseCommand } from './parse-command.ts';

const EDITS_MAX = 5; // of one proposal
const FORMS_MAX = 20; // kinds of commands approved for the session

export interface Proposed {
  readonly command: string;
  /** One safe line. */
  readonly purpose: string;
}

/** What becomes of a proposal, for whoever made it. */
export interface ProposalListener {
  /** `command` is what the person sees or what runs: after an edit it is the person's. */
  onState(state: 'asking' | 'displayed' | 'running', command: string, message: string): void;
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
}

export interface ProposalEnd extends Omit<RunEnd, 'outcome'> {
  readonly outcome: RunEnd['outcome'] | Refusing['kind'];
}

export interface Proposal {
  readonly number: number;
  readonly shown: string;
  readonly verdict: Verdict;
  /** Never rejects. */
  readonly ended: Promise<ProposalEnd>;
  /** Withdraws the question or stops the command. */
  cancel(): void;
}

interface Considered {
  readonly number: number;
  readonly purpose: string;
  readonly command: ParsedCommand;
  readonly verdict: Verdict;
  readonly edited: boolean;
}

/** The person approved it, now or earlier. */
interface GoingAhead {
  readonly kind: 'going ahead';
  readonly approval: Approval;
}

export class Guided {
  readonly #session: Session;
  readonly #machine: Machine;
  /** What the person approved for the whole session. */
  readonly #approved: { readonly form: CommandForm; readonly digest: string }[] = [];
  #proposed = 0;

  constructor(session: Session, machine: Machine) {
    this.#session = session;
    this.#machine = machine;
  }

  /** @throws ControlRefusal, BadCommand */
  async propose({ command: text, purpose }: Proposed, listener: ProposalListener): Promise<Proposal> {
    const session = this.#session;
    if (!session.grant.scopes.includes('shell.suggest')) {
      session.refusals.record({ what: 'control shell.suggest', detail: 'outside the grant' });
      throw new ControlRefusal(RPC_ERRORS.notPermitted, 'the person did not allow suggestions');
    }
    if (session.state !== 'active') {
      throw session.state === 'paused'
        ? new ControlRefusal(RPC_ERRORS.sessionPaused, `the session is paused: ${session.because}`)
        : new ControlRefusal(RPC_ERRORS.sessionEnded, 'the session is over');
    }
    const command = parseCommand(text);
    const busy = session.questions.commands.begin();
    if (busy !== null) {
      throw new ControlRefusal(RPC_ERRORS.busy, busy);
    }
    this.#proposed += 1;
    const considered = { number: this.#proposed, purpose, command, verdict: classify(command), edited: false };
    try {
      await this.#log('command.proposed', considered);
    } catch (problem) {
      session.questions.commands.end(false);
      throw problem;
    }
    const cancelled = new AbortController();
    const signal = AbortSignal.any([cancelled.signal, session.whileHeld('shell.suggest')]);
    const ended = this.#consider(considered, listener, signal).catch((problem: unknown) => this.#broke(problem));
    void ended.then(({ outcome }) => session.questions.commands.end(RAN.has(outcome)));
    const { number, verdict } = considered;
    return { number, shown: command.shown, verdict, ended, cancel: () => cancelled.abort() };
  }

  /** Asks, until the person approves a command or says no; then runs what was approved. */
  async #consider(first: Considered, listener: ProposalListener, signal: AbortSignal): Promise<ProposalEnd> {
    let considered = first;
    for (let edits = 0; ; edits += 1) {
      const answer = await this.#answerFor(considered, listener, signal);
      if (answer.kind === 'going ahead') {
        return await this.#run(considered, answer.approval, listener, signal);
      }
      if (answer.kind !== 'edited') {
        await this.#machine.log.append(
          'command.answered',
          {
            number: first.number,
            answer: answer.kind,
            reason: refusalReason(answer),
            digest: considered.command.digest,
          },
          { session: this.#session.id },
        );
        return this.#notRun(answer.kind, refusalWords(answer, this.#machine.identity.name));
      }
      if (edits >= EDITS_MAX) {
        return this.#notRun('declined', 'the command was changed too often');
      }
      const command = parseCommand(answer.command);
      considered = { ...considered, command, verdict: classify(command), edited: true };
      await this.#log('command.edited', considered);
    }
  }

  async #answerFor(
    { number, purpose, command, verdict, edited }: Considered,
    listener: ProposalListener,
    signal: AbortSignal,
  ): Promise<GoingAhead | Exclude<ReviewAnswer, { kind: 'approved' }>> {
    const alike = edited ? [] : this.#approved.filter(({ form }) => hasForm(form, command, verdict));
    const before = alike.find(({ digest }) => digest === command.digest) ?? alike[0];
    if (before !== undefined) {
      return { kind: 'going ahead', approval: approvalBefore(before.digest === command.digest) };
    }
    const { desk, identity, log, policy } = this.#machine;
    const form = formOf(command, verdict);
    const context = { session: this.#session.id };
    const timeoutMs = Math.min(policy.consent.timeoutMs, this.#session.leftMs);
    const until = () => new Date(Date.now() + timeoutMs).toISOString();
    const tell = (state: 'asking' | 'displayed', message: string) => listener.onState(state, command.shown, message);
    const answer = await desk.review(
      {
        id: randomUUID(),
        machine: identity,
        technician: this.#session.grant.technician,
        reason: purpose,
        command: command.shown,
        how: command.how,
        risk: verdict.risk,
        touches: [...verdict.touches],
        digest: command.digest,
        similar: form === null ? null : formInWords(form),
        edited,
        limitMs: COMMAND_LIMIT_MS,
        notices: noticesFor(this.#machine, verdict),
      },
      timeoutMs,
      {
        onPrompted: async (prompter) => {
          await log.append('consent.prompted', { prompter, until: until() }, context);
          tell('asking', `waiting for the person at ${identity.name}`);
        },
        onDisplayed: (prompter) => {
          void log.append('consent.displayed', { prompter }, context).catch(() => undefined);
          tell('displayed', `the person at ${identity.name} sees command ${number}`);
        },
      },
      signal,
    );
    if (answer.kind !== 'approved') {
      return answer;
    }
    if (!answer.similar || form === null || this.#approved.length >= FORMS_MAX) {
      return { kind: 'going ahead', approval: approvalNow(null) };
    }
    this.#approved.push({ form, digest: command.digest });
    return { kind: 'going ahead', approval: approvalNow(form) };
  }

  async #run(
    { number, command }: Considered,
    approval: Approval,
    listener: ProposalListener,
    signal: AbortSignal,
  ): Promise<ProposalEnd> {
    await this.#machine.log.append(
      'command.answered',
      { number, answer: approval.logged, reason: '', digest: command.digest },
      { session: this.#session.id },
    );
    if (signal.aborted) {
      return notRun('withdrawn', 'it was withdrawn before it ran');
    }
    listener.onState('running', command.shown, approval.told);
    return await runApproved({
      machine: this.#machine,
      session: this.#session,
      number,
      command,
      signal,
      onOutput: (stream, chunk) => listener.onOutput(stream, chunk),
    });
  }

  #notRun(outcome: ProposalEnd['outcome'], message: string): ProposalEnd {
    if (outcome === 'declined') {
      this.#session.counters.commandsDeclined += 1;
    }
    return notRun(outcome, message);
  }

  #broke(problem: unknown): ProposalEnd {
    if (problem instanceof ProcessesSurvived) {
      this.#session.counters.processesLeft += problem.pids.length;
    }
    if (!(problem instanceof ChaperoneError) && !this.#session.over.aborted) {
      this.#machine.logger.error({ session: this.#session.id, problem }, 'a command could not be run');
    }
    return notRun('failed', problem instanceof ChaperoneError ? problem.message : 'the machine could not run this');
  }

  #log(type: 'command.proposed' | 'command.edited', { number, purpose, command, verdict }: Considered) {
    return this.#machine.log.append(
      type,
      { number, purpose, command: command.shown, how: command.how, risk: verdict.risk, digest: command.digest },
      type === 'command.edited'
        ? { session: this.#session.id }
        : { session: this.#session.id, actor: this.#session.grant.technician.keyFingerprint },
    );
  }
}

const RAN: ReadonlySet<ProposalEnd['outcome']> = new Set(['done', 'timeout', 'cancelled', 'failed']);

function notRun(outcome: ProposalEnd['outcome'], message: string): ProposalEnd {
  return { outcome, message: message.slice(0, 500), exitCode: null, truncated: false, durationMs: 0 };
}

function noticesFor({ containment }: Machine, { risk }: Verdict): string[] {
  const notices: string[] = [];
  if (risk !== 'reads') {
    notices.push('It is not walled off: it can reach the files that you can reach.');
  }
  if (process.getuid?.() === 0) {
    notices.push('It runs with administrator rights.');
  }
  if (containment.kind === 'tree') {
    notices.push('A program that hides itself could stay behind after the end.');
  }
  return notices;
}
