// Third layer: promise 1. Nothing goes on before the local user has seen who asks for what, and allowed it.

import { type ConsentEvent, type ConsentState, nextState } from '../../protocol/consent.ts';
import type { Grant } from '../../protocol/grant.ts';
import { formatInstant } from '../../protocol/identity/check-certificate.ts';
import { intersectScopes, SCOPE_WORDS, type Scope, SHELL_SCOPES } from '../../protocol/scopes.ts';
import type { MachineLog } from '../audit/machine-log.ts';
import type { DeskAnswer, Question } from '../consent/desk.ts';
import type { Machine } from '../machine.ts';
import { scopesNow, whyNoLonger } from '../policy/standing.ts';
import { timeOfDay } from '../prompt/words.ts';
import type { Sessions } from '../session/sessions.ts';
import { type TimeLimit, timeLimit } from '../session/time-limit.ts';
import { CERTIFICATE_OVER, POLICY_TAKES } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import type { Conversation } from '../ssh/conversation.ts';
import { connectedAlready } from './connected-already.ts';
import type { Paired } from './pair.ts';
import { Refused } from './refused.ts';
import { statusOf } from './status.ts';

/** What this layer needs of the machine. */
type Asking = Pick<Machine, 'identity' | 'policy' | 'desk' | 'containment'> & {
  readonly log: Pick<MachineLog, 'append'>;
  readonly sessions: Pick<Sessions, 'live'>;
};
type Asked = Pick<Paired, 'technician' | 'request' | 'askable' | 'notGiven' | 'recorded'> & {
  readonly conversation: Pick<Conversation, 'tell' | 'refuse' | 'structured'>;
};

/** What was allowed. `recorded` resolves when the log has it: nothing follows from it before. */
export interface Granted {
  readonly grant: Grant;
  readonly recorded: Promise<unknown>;
}

/** Resolves with what the person allowed; rejects with {@link Refused} after both sides were told why not. */
export async function consent(
  connection: Pick<TechnicianConnection, 'address' | 'closed'>,
  paired: Asked,
  session: string,
  machine: Asking,
): Promise<Granted> {
  const { conversation, technician } = paired;
  const { policy, log } = machine;
  const context = { session, actor: technician.keyFingerprint };
  const status = statusOf(machine);
  const { notGiven } = paired;
  const waitingWords = leftOutWords(paired) + certificateWords(paired, machine);
  const until = () => new Date(Date.now() + policy.consent.timeoutMs).toISOString();

  let state: ConsentState = 'paired';
  const step = (event: ConsentEvent) => {
    const next = nextState(state, event);
    if (next === null) {
      throw new Refused(`consent cannot go from ${state} by ${event}`);
    }
    state = next;
  };

  if (machine.desk.busy) {
    const words = status('waiting', 'Another request is being answered first. Yours is next.', { notGiven });
    void paired.recorded.then(
      () => tell(paired, words),
      () => undefined,
    );
  }
  const answer = await machine.desk.ask(
    questionOf(paired, connection, session, machine),
    policy.consent.timeoutMs,
    {
      onPrompted: async (prompter) => {
        step('promptSent');
        await Promise.all([paired.recorded, log.append('consent.prompted', { prompter, until: until() }, { session })]);
        const words = `Waiting for the person at ${machine.identity.name}.${waitingWords}`;
        tell(paired, status('waiting', words, { until: until(), notGiven }));
      },
      onDisplayed: (prompter) => {
        step('promptDisplayed');
        void log.append('consent.displayed', { prompter }, { session }).catch(() => undefined);
        const words = `Waiting for the person at ${machine.identity.name} to allow this. They see your request now and have ${Math.round(policy.consent.timeoutMs / 1000)} seconds.${waitingWords}`;
        tell(paired, status('displayed', words, { until: until(), notGiven }));
      },
    },
    connection.closed,
  );

  if (answer.kind !== 'allowed') {
    const { state: told, message } = refusalWords(answer, machine);
    await recordRefusal(answer, machine, session);
    await conversation.refuse(status(told, message, { code: answer.kind }));
    throw new Refused(message);
  }
  // The policy may have changed while the person read: what it says now holds.
  const scopes = intersectScopes(answer.scopes, paired.askable, scopesNow(machine.policy, technician));
  const maxSessionMs = Math.min(policy.consent.maxSessionMs, machine.policy.consent.maxSessionMs);
  const grantedAt = Date.now();
  const { endsAt } = timeLimit(technician, grantedAt, maxSessionMs);
  const stopped =
    answer.scopes.length > 0 && scopes.length === 0
      ? { why: whyNoLonger(machine.policy, technician) ?? POLICY_TAKES, code: 'policy' }
      : endsAt <= grantedAt
        ? { why: CERTIFICATE_OVER, code: 'certificate-expired' }
        : null;
  if (stopped !== null) {
    const message = `The session was not started: ${stopped.why}.`;
    await log.append('consent.denied', { reason: message }, { session });
    await conversation.refuse(status('refused', message, { code: stopped.code }));
    throw new Refused(message);
  }
  step('allowed');
  const grant: Grant = {
    v: 1,
    session,
    machine: machine.identity,
    technician,
    reason: paired.request.reason,
    ticket: paired.request.ticket,
    asked: paired.request.scopes,
    scopes,
    grantedAt: new Date(grantedAt).toISOString(),
    expiresAt: new Date(endsAt).toISOString(),
    recorded: { output: true, input: policy.record.input },
    containment: machine.containment.kind,
    sandboxed: false,
  };
  const recorded = log.append(
    'consent.granted',
    { scopes, declined: paired.askable.filter((scope) => !scopes.includes(scope)), expiresAt: grant.expiresAt },
    context,
  );
  return { grant, recorded };
}

function questionOf(
  paired: Asked,
  { address }: Pick<TechnicianConnection, 'address'>,
  session: string,
  machine: Asking,
): Question {
  const { policy } = machine;
  return {
    id: session,
    machine: machine.identity,
    technician: paired.technician,
    address,
    reason: paired.request.reason,
    ticket: paired.request.ticket,
    offered: paired.askable.map((scope) => ({
      scope,
      title: SCOPE_WORDS[scope].title,
      allows: SCOPE_WORDS[scope].allows,
      preTicked: SCOPE_WORDS[scope].mayBePreTicked,
    })),
    limitMs: Math.max(1, limitOf(paired, machine).endsAt - Date.now()),
    recorded: { output: true, input: policy.record.input },
    notices: noticesFor(paired.askable, paired, machine),
  };
}

function noticesFor(askable: readonly Scope[], paired: Asked, machine: Asking): string[] {
  const notices: string[] = [];
  if (machine.identity.hipaa) {
    notices.push('This computer handles patient information. Close patient records before you allow this.');
  }
  const { endsAt, byCertificate } = limitOf(paired, machine);
  if (byCertificate) {
    const end = timeOfDay(new Date(endsAt).toISOString());
    notices.push(`The technician's certificate ends at ${end}, and the session with it at the latest.`);
  }
  if (askable.some((scope) => SHELL_SCOPES.includes(scope))) {
    notices.push('Typed commands are not walled off: they can reach the files that you can reach.');
    if (process.getuid?.() === 0) {
      notices.push('They run with administrator rights.');
    }
    if (machine.containment.kind === 'tree') {
      notices.push('A program that hides itself could stay behind after the end.');
    }
  }
  if (!paired.conversation.structured) {
    notices.push('The technician uses a weaker program (plain ssh): somebody on the way could have read the code.');
  }
  const connected = machine.sessions.live.filter(({ state }) => state !== 'ended');
  const already = connectedAlready(
    paired.technician,
    connected.map(({ grant }) => grant.technician),
  );
  if (already !== null) notices.push(already);
  return notices;
}

/** The limit of a session that would start now. */
function limitOf({ technician }: Asked, { policy }: Asking): TimeLimit {
  return timeLimit(technician, Date.now(), policy.consent.maxSessionMs);
}

/** For the technician, while a session would end with their certificate; starts with a space. */
function certificateWords(paired: Asked, machine: Asking): string {
  const { endsAt, byCertificate } = limitOf(paired, machine);
  return byCertificate
    ? ` Your certificate ends at ${formatInstant(BigInt(endsAt / 1000))}, and the session with it at the latest.`
    : '';
}

/** What the person is not asked, for who reads sentences: programs are told by `notGiven`. Starts with a space. */
function leftOutWords({ notGiven, conversation }: Asked): string {
  if (conversation.structured || notGiven.length === 0) return '';
  const each = notGiven.map(({ scope, why }) => `${scope} (${why})`);
  return ` They are not asked for ${each.join(', ')}.`;
}

type Refusing = Exclude<DeskAnswer, { kind: 'allowed' }>;

function refusalWords(answer: Refusing, machine: Asking): { state: 'denied' | 'expired'; message: string } {
  const where = machine.identity.name;
  switch (answer.kind) {
    case 'declined':
      return { state: 'denied', message: `The person at ${where} did not allow this session.` };
    case 'nobody':
      return { state: 'denied', message: `The session was denied: ${answer.reason}.` };
    case 'expired':
      return { state: 'expired', message: `Nobody at ${where} answered in time, so the session was not allowed.` };
    case 'withdrawn':
      return { state: 'denied', message: 'The request was withdrawn.' };
  }
}

async function recordRefusal(answer: Refusing, machine: Asking, session: string): Promise<void> {
  switch (answer.kind) {
    case 'declined':
    case 'nobody':
      await machine.log.append('consent.denied', { reason: answer.reason }, { session });
      break;
    case 'expired':
      await machine.log.append('consent.expired', { afterMs: machine.policy.consent.timeoutMs }, { session });
      break;
    case 'withdrawn':
      await machine.log.append('consent.withdrawn', { reason: 'the technician went away' }, { session });
  }
}

/** Tells without waiting: a program that is slow to read must not hold up the person's answer. */
function tell(paired: Asked, status: Parameters<Paired['conversation']['tell']>[0]): void {
  void paired.conversation.tell(status).catch(() => undefined);
}
