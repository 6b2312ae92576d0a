// `scope.request`: a technician asks for more while the session lives. The same desk, the same arming, the same
// default of no as for the session itself; never more than policy gives to the role.

import { randomUUID } from 'node:crypto';
import { RPC_ERRORS } from '../../protocol/control/rpc.ts';
import { rolesOf } from '../../protocol/request.ts';
import { intersectScopes, SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import type { DeskAnswer, Question } from '../consent/desk.ts';
import { refusalReason, refusalWords } from '../consent/refusal-words.ts';
import { ControlRefusal } from '../control/refusal.ts';
import type { Machine } from '../machine.ts';
import { whyRefused } from '../policy/policy.ts';
import { addableScopes, addScopes } from './change-grant.ts';
import type { Session } from './session.ts';

export interface MoreWanted {
  readonly scopes: readonly Scope[];
  /** One safe line. */
  readonly reason: string;
}

export interface MoreAnswered {
  readonly outcome: 'allowed' | 'declined' | 'nobody' | 'expired' | 'withdrawn';
  readonly message: string;
  /** What was added. */
  readonly scopes: Scope[];
}

/**
 * Logs the wish and takes the place of the session's open question; `answered` resolves when the person has answered
 * and the grant is changed. Never rejects after that.
 *
 * @throws ControlRefusal when nothing of it can be asked, or not now
 */
export async function askForMore(
  machine: Machine,
  session: Session,
  wanted: MoreWanted,
): Promise<{ readonly answered: Promise<MoreAnswered> }> {
  const { technician } = session.grant;
  const askable = intersectScopes(wanted.scopes, addableScopes(machine, session));
  const [first] = wanted.scopes;
  if (askable.length === 0) {
    const why = first === undefined ? null : whyRefused(machine.policy, rolesOf(technician), first);
    session.refusals.record({ what: `scope.request ${first ?? ''}`, detail: why ?? 'held already' });
    throw new ControlRefusal(RPC_ERRORS.notPermitted, why ?? 'the person has allowed this already');
  }
  const busy = session.questions.scopes.begin();
  if (busy !== null) {
    throw new ControlRefusal(RPC_ERRORS.busy, busy);
  }
  const context = { session: session.id, actor: technician.keyFingerprint };
  try {
    const refusedByPolicy = wanted.scopes.filter((scope) => !askable.includes(scope));
    await machine.log.append(
      'scope.requested',
      { reason: wanted.reason, asked: [...wanted.scopes], refusedByPolicy },
      context,
    );
  } catch (problem) {
    session.questions.scopes.end(false);
    throw problem;
  }
  const answered = ask(machine, session, askable, wanted.reason).catch((problem: unknown): MoreAnswered => {
    machine.logger.error({ session: session.id, problem }, 'a request for more could not be answered');
    return { outcome: 'nobody', message: 'the machine could not do this', scopes: [] };
  });
  void answered.then(({ outcome }) => session.questions.scopes.end(outcome === 'allowed'));
  return { answered };
}

async function ask(machine: Machine, session: Session, askable: Scope[], reason: string): Promise<MoreAnswered> {
  const { log, policy } = machine;
  const context = { session: session.id };
  const timeoutMs = Math.min(policy.consent.timeoutMs, session.leftMs);
  const until = () => new Date(Date.now() + timeoutMs).toISOString();
  const answer: DeskAnswer = await machine.desk.ask(
    questionOf(machine, session, askable, reason),
    timeoutMs,
    {
      onPrompted: async (prompter) => {
        await log.append('consent.prompted', { prompter, until: until() }, context);
      },
      onDisplayed: (prompter) => {
        void log.append('consent.displayed', { prompter }, context).catch(() => undefined);
      },
    },
    session.over,
  );
  if (answer.kind !== 'allowed') {
    await log.append('scope.answered', { outcome: answer.kind, reason: refusalReason(answer), scopes: [] }, context);
    return { outcome: answer.kind, message: refusalWords(answer, machine.identity.name), scopes: [] };
  }
  await log.append('scope.answered', { outcome: 'allowed', reason, scopes: [...answer.scopes] }, context);
  const change = { by: 'local user', reason: `the technician asked: ${reason}`.slice(0, 300) } as const;
  const scopes = await addScopes(machine, session, intersectScopes(answer.scopes, askable), change);
  return scopes.length === 0
    ? { outcome: 'withdrawn', message: 'it was taken back in the same moment', scopes }
    : { outcome: 'allowed', message: `the person at ${machine.identity.name} allowed it`, scopes };
}

function questionOf(machine: Machine, session: Session, askable: readonly Scope[], reason: string): Question {
  const { grant } = session;
  return {
    id: randomUUID(),
    machine: machine.identity,
    technician: grant.technician,
    address: '',
    reason,
    ticket: grant.ticket,
    // Nothing is ticked beforehand: this comes unasked, in the middle of something else.
    offered: askable.map((scope) => ({ scope, ...wordsOf(scope), preTicked: false })),
    limitMs: session.leftMs,
    recorded: grant.recorded,
    notices: [
      `${grant.technician.name} is connected already and asks for more. Whatever you answer, the session goes on.`,
    ],
    during: { startedAt: session.startedAt.toISOString(), scopes: [...grant.scopes] },
  };
}

function wordsOf(scope: Scope): { title: string; allows: string } {
  const { title, allows } = SCOPE_WORDS[scope];
  return { title, allows };
}
