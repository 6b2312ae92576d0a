// What is said before there is a session: answers the machine's questions (RFC 4256) from what the technician gave,
// asks the technician for the rest, and keeps them told of who is awaited, for what, until when.

import {
  CODE_PROMPT,
  ConversationStatus,
  LEASE_PROMPT,
  type NotGiven,
  REASON_PROMPT,
  SCOPES_PROMPT,
  STATUS_NAME,
  TICKET_PROMPT,
} from '../../protocol/conversation.ts';
import type { ChaperoneError } from '../../protocol/errors.ts';
import { PAIRED_NAME, PAIRING_NAME, PAIRING_PROMPT } from '../../protocol/pairing/messages.ts';
import type { TechnicianRequest } from '../../protocol/request.ts';
import type { Scope } from '../../protocol/scopes.ts';
import type { CodeQuestion, Waiting } from '../dashboard/ports.ts';
import { AGAIN, CodeProof, type ConnectionTerms } from './code-proof.ts';
import { parseAtTheDoor } from './door.ts';
import { GivenUp, PairingFailed, ProtocolBroken, RequestDenied, SessionOver, WrongMachine } from './errors.ts';
import type { InfoRequest } from './packet-gate.ts';
import { isCode, whyNoCode } from './typed-code.ts';

const ANSWER_WITHIN_MS = 15_000; // the machine itself, when no person is awaited
const WAIT_MAX_MS = 15 * 60_000; // a wait that the machine says is longer is not believed
const REQUESTS_MAX = 500; // of one conversation; an honest one needs about ten

export interface ConversationPeople {
  readonly onWaiting: (waiting: Waiting) => void;
  readonly onCode: (question: CodeQuestion) => Promise<string | null>;
}

export interface ConversationOptions {
  /** Nine digits, or null when only an address is known. */
  readonly connectionId: string | null;
  /** Empty when it is still to be asked for. */
  readonly code: string;
  readonly request: TechnicianRequest;
  readonly people: ConversationPeople;
  /** Called once with the connection ID that the machine gives itself. Throws when it is another machine's. */
  readonly onIdentified: (connectionId: string) => void;
  /** What the pairing is bound to. */
  readonly terms: ConnectionTerms;
  /** The machine has proven that it knows the code that the person read out: it is the one that is meant. */
  readonly onPaired: () => Promise<void>;
  /** The secret that lets this technician come back after a restart; empty when there is none. Used once. */
  readonly takeLease: () => string;
  /** Write-ahead: resolves when it is noted that the request is about to be sent. */
  readonly beforeRequest: () => Promise<void>;
}

const REQUEST_PROMPTS = [REASON_PROMPT, TICKET_PROMPT, SCOPES_PROMPT];
const FINAL = new Set<ConversationStatus['state']>(['denied', 'expired', 'ended']);

export class Conversation {
  readonly #options: ConversationOptions;
  #status: ConversationStatus | null = null;
  /** What the machine last complained about; it asks again right after. */
  #complaint: ConversationStatus | null = null;
  #code: string;
  readonly #proof: CodeProof;
  /** The machine was given what lets this technician come back after a restart. */
  #returning = false;
  #requested = false;
  #count = 0;
  /** By this computer's clock; null when no person is awaited, or nobody knows for how long. */
  #until: number | null = null;
  #personAwaited = false;
  /** What of the request the person will not be asked; empty also where an older machine does not say. */
  #notGiven: readonly NotGiven[] = [];

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#code = options.code;
    this.#proof = new CodeProof(options.terms);
  }

  /** Who the machine says it is; null before its first status. */
  get machine(): ConversationStatus['machine'] | null {
    return this.#status?.machine ?? null;
  }

  /** Whether a machine that knows the code has let the technician in; the word of any other counts for nothing. */
  get granted(): boolean {
    return this.#status?.state === 'granted' && (this.#proof.proven || this.#returning);
  }

  /** How long the machine may now take until it says something, in ms. */
  get patienceMs(): number {
    if (!this.#personAwaited) {
      return ANSWER_WITHIN_MS;
    }
    return this.#until === null ? WAIT_MAX_MS : ANSWER_WITHIN_MS + Math.max(0, this.#until - Date.now());
  }

  /** The answers to one information request, one per prompt. Rejects when the conversation cannot go on. */
  async answer(asked: InfoRequest): Promise<readonly string[]> {
    this.#count += 1;
    if (this.#count > REQUESTS_MAX) {
      throw new ProtocolBroken('the machine asks without end');
    }
    this.#until = null;
    this.#personAwaited = false;
    if (asked.prompts.length === 0) {
      this.#hear(asked);
      return [];
    }
    if (asked.prompts.length === 1 && asked.prompts[0] === LEASE_PROMPT) {
      return [this.#giveLease()];
    }
    if (asked.name === PAIRING_NAME && asked.prompts.length === 1 && asked.prompts[0] === PAIRING_PROMPT) {
      return [await this.#proveCode(asked.instruction)];
    }
    if (asked.prompts.includes(CODE_PROMPT)) {
      // No machine asks this program so. The code stays here.
      throw new PairingFailed('the machine wants the code itself instead of a proof', this.#proof.hostKey);
    }
    if (asked.prompts.length === 3 && REQUEST_PROMPTS.every((prompt, index) => prompt === asked.prompts[index])) {
      await this.#confirm(asked);
      return await this.#giveRequest();
    }
    throw new ProtocolBroken('the machine asked something that this program does not know');
  }

  /** Why the machine ended the conversation without a grant; null when it did not say. */
  failure(): ChaperoneError | null {
    const last = this.#status;
    if (last === null) {
      return null;
    }
    const message = asMessage(last.message);
    switch (last.state) {
      case 'denied':
        return new RequestDenied(
          'denied',
          message,
          'call the person before you ask again; they can read you a new code',
        );
      case 'expired':
        return new RequestDenied('expired', message, 'is the person at the machine? ask again with a new code');
      case 'wrong-code':
      case 'refused':
        return new RequestDenied('refused', message, hintForRefusal(last, this.#proof.hostKey));
      case 'ended':
        return new SessionOver(message);
      default:
        return null;
    }
  }

  /** Whether the machine has said its last word and is about to hang up. */
  get over(): boolean {
    return this.#status !== null && FINAL.has(this.#status.state);
  }

  #hear({ name, instruction }: InfoRequest): void {
    if (name !== STATUS_NAME) {
      throw new ProtocolBroken('what answers there does not speak like a Chaperone machine');
    }
    this.#take(parseAtTheDoor(ConversationStatus, instruction, 'a status'));
  }

  #take(status: ConversationStatus): void {
    this.#identify(status);
    this.#status = status;
    const { scopes } = this.#options.request;
    this.#notGiven = status.notGiven?.filter(({ scope }) => scopes.includes(scope)) ?? this.#notGiven;
    if (status.state === 'wrong-code' || status.state === 'refused') {
      this.#complaint = status;
    }
    if (status.state === 'waiting' || status.state === 'displayed') {
      this.#await(status);
    } else if (status.state === 'granted') {
      this.#tell('opening', 'the machine', 'to open the session');
    }
  }

  #identify({ machine }: ConversationStatus): void {
    const expected = this.machine?.id ?? this.#options.connectionId;
    if (expected !== null && machine.id !== expected) {
      throw new WrongMachine(
        `the machine says that it is ${machine.id}, not ${expected}`,
        'check the connection ID with the person, and the address',
      );
    }
    if (this.#status === null) {
      this.#options.onIdentified(machine.id);
    }
  }

  #await(status: ConversationStatus): void {
    const now = Date.now();
    this.#personAwaited = true;
    if (status.until !== undefined) {
      const left = Date.parse(status.until) - (status.now === undefined ? now : Date.parse(status.now));
      this.#until = now + Math.min(Math.max(left, 0), WAIT_MAX_MS);
    }
    const what =
      status.state === 'displayed'
        ? 'to answer your request'
        : status.until === undefined
          ? `to be free (${asMessage(status.message)})`
          : 'to be shown your request';
    this.#tell('consent', `the person at ${status.machine.name}`, what);
  }

  #tell(stage: Waiting['stage'], who: string, what: string): void {
    this.#options.people.onWaiting({ stage, who, what, until: this.#until, notGiven: this.#notGiven });
  }

  async #proveCode(instruction: string): Promise<string> {
    this.#returning = false;
    const offer = this.#proof.parseOffer(instruction);
    this.#take(offer.status);
    this.#stopWhereNothingIsGiven();
    if (!isCode(this.#code)) {
      this.#code = await this.#askForCode();
      return AGAIN;
    }
    const code = this.#code;
    this.#code = ''; // never offered twice: a second try would burn an attempt for nothing
    this.#complaint = null;
    this.#tell('pairing', 'the machine', 'to check the code');
    return await this.#proof.answer(offer, code);
  }

  /** No question could follow: the code is kept for a request that can be asked. */
  #stopWhereNothingIsGiven(): void {
    const [first] = this.#notGiven;
    if (first === undefined || this.#options.request.scopes.some((scope) => !this.#isLeftOut(scope))) return;
    throw new RequestDenied(
      'refused',
      `nothing of this can be asked for: ${first.why}`,
      'the administrator of the machine decides that, not the person there; the one-time code stays good',
    );
  }

  #isLeftOut(scope: Scope): boolean {
    return this.#notGiven.some((left) => left.scope === scope);
  }

  /** Asks until it is a code of some machine: a slip that can be seen here costs no try. */
  async #askForCode(): Promise<string> {
    let words = this.#complaint === null ? '' : WRONG_CODE;
    if (this.#code !== '') {
      words = whyNoCode(this.#code);
    }
    for (;;) {
      this.#tell('pairing', 'you', 'to type the one-time code');
      const typed = await this.#options.people.onCode({ words, triesLeft: this.#status?.attemptsLeft ?? null });
      if (typed === null || typed.trim() === '') {
        throw this.#complaint === null ? new GivenUp() : wrongCode(this.#proof.hostKey);
      }
      if (isCode(typed)) {
        return typed;
      }
      words = whyNoCode(typed);
    }
  }

  /** Only the machine whose key was met before gets it, so its key stands for the proof of a code. */
  #giveLease(): string {
    const secret = this.#options.takeLease();
    this.#returning = secret !== '';
    return secret;
  }

  /** Nothing of the request is said to a machine that has not proven itself. */
  async #confirm({ name, instruction }: InfoRequest): Promise<void> {
    if (name === PAIRED_NAME) {
      this.#proof.confirm(instruction);
      await this.#options.onPaired();
    }
    if (!this.#proof.proven && !this.#returning) {
      throw new PairingFailed('the machine has not proven that it knows the code', this.#proof.hostKey);
    }
  }

  async #giveRequest(): Promise<readonly string[]> {
    if (this.#requested) {
      const words = this.#complaint?.message ?? 'the machine does not accept the request';
      throw new RequestDenied(
        'refused',
        asMessage(words),
        'change the reason, the ticket or the permissions, and ask again',
      );
    }
    this.#requested = true;
    await this.#options.beforeRequest();
    const { reason, ticket, scopes } = this.#options.request;
    this.#tell(
      'consent',
      this.machine === null ? 'the machine' : `the machine ${this.machine.name}`,
      'to look at your request',
    );
    return [reason, ticket, scopes.join(' ')];
  }
}

/** In our own words: the machine's would come from whoever is in between. */
const WRONG_CODE = 'That code does not fit: mistyped, or somebody may be in between.';

function wrongCode(hostKey: string): RequestDenied {
  return new RequestDenied(
    'refused',
    'that code does not fit this machine',
    inBetween('ask the person for it again', hostKey),
  );
}

/** What to do when the code does not join the two ends. */
function inBetween(first: string, hostKey: string): string {
  return `${first}; if it was not mistyped, somebody may be in between: chaperoned status must show ${hostKey}`;
}

function hintForRefusal(status: ConversationStatus, hostKey: string): string {
  if (status.code?.startsWith('certificate-') === true) {
    return 'see what you show to machines: chaperone whoami';
  }
  if (status.code === 'policy') {
    return 'ask the administrator of the machine: its policy decides this';
  }
  return status.code === 'new-code-needed'
    ? inBetween('the new code is for a new request', hostKey) // who reads it out, the machine has said
    : 'ask the person, or the administrator of the machine';
}

/** A sentence of the machine in the form of our own messages. */
function asMessage(sentence: string): string {
  const [first = '', second = ''] = sentence;
  const lower = second === second.toLowerCase() ? first.toLowerCase() : first;
  return `${lower}${sentence.slice(first.length)}`.replace(/\.$/, '');
}
