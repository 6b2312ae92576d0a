// What the prompt program knows and does, whichever way it is shown: the code, who is connected, the question.

import type { ChaperoneError } from '../../protocol/errors.ts';
import type { CommandAnswer, CommandQuestion } from '../consent/command-question.ts';
import type { PromptAnswer, PromptQuestion } from '../consent/prompter.ts';
import type { LocalClient, PromptScreen, PromptVoice } from '../local/client.ts';
import type { CodeView, MachineStatus, NoticeKind, SessionView } from '../local/controls.ts';
import type { Key } from '../terminal/keys.ts';
import { COMMAND_NEWS, DONE, IN_VAIN, type SessionAction } from './answer-news.ts';
import { codeNews } from './code-news.ts';
import { type CommandState, newCommand } from './command-state.ts';
import { LastReceipt } from './last-receipt.ts';
import { OpenMenu } from './open-menu.ts';
import { type MenuEntry, type PermissionMenu, permissionMenu } from './permission-menu.ts';
import { arm, newQuestion, type QuestionState } from './question-state.ts';
import { SeenLines } from './talk.ts';
import { askedElsewhere, missedBy, saidInWords, scopesInWords, timeOfDay, whoIs } from './words.ts';

/** How a question left the screen. */
export type Outcome = 'allowed' | 'denied' | 'expired' | 'withdrawn';

export interface PromptView {
  /** Something that is shown has changed. */
  onChange(): void;
  /** Shows the new question; resolves once it is on the screen, rejects when it cannot be. */
  show(): Promise<void>;
  /** Shows the list of permissions, `again` when it is shown already; resolves once it is on the screen. */
  showMenu(menu: PermissionMenu, again: boolean): Promise<void>;
  /** From now on keys count for what is asked. */
  onArmed?(): void;
  /** A technician has written to the person. */
  onWritten?(): void;
  /** The question is gone from the model. */
  onOver(question: PromptQuestion | CommandQuestion, outcome: Outcome): void;
}

export class PromptModel implements PromptScreen, Disposable {
  readonly #client: LocalClient;
  #name = '';
  readonly #view: PromptView;
  #voice: PromptVoice | null = null;
  #state: QuestionState | null = null;
  #command: CommandState | null = null;
  readonly #menu: OpenMenu;
  #arming: NodeJS.Timeout | undefined;
  /** The daemon knows that the question is on screen: what is pressed before that would come too early to be meant. */
  #heard = false;
  /** Sessions that were acted on here: the person knows why those are over. */
  #touched: readonly string[] = [];
  /** What happened in the sessions. */
  readonly seen = new SeenLines();
  readonly receipt = new LastReceipt();
  code: CodeView | null = null;
  status: MachineStatus | null = null;
  /** What happened last, in a sentence for the person. */
  news = '';

  constructor(client: LocalClient, view: PromptView) {
    this.#client = client;
    this.#view = view;
    this.#menu = new OpenMenu({
      paint: (menu, again) => view.showMenu(menu, again),
      onArmed: () => {
        view.onArmed?.();
        view.onChange();
      },
    });
  }

  /** Offers this program to the daemon under `name`, which tells from then on how things are. */
  async start(name: string): Promise<void> {
    this.#name = name;
    // Before anything is shown: whoever sees the code may read it out at once, and the question must find its way here.
    this.#voice = await this.#client.prompt(name, this, { remote: isRemoteLogin(process.env) });
    const lines = {
      onSession: () => undefined, // `onMachine` tells
      onFrame: () => undefined,
      onNotice: (session: string, line: string, kind?: NoticeKind) => this.#onLine(session, line, kind),
      onReceipt: (_: string, note: string) => this.#onReceipt(note),
    };
    // This window is the indicator as a prompt already.
    await this.#client.watch(lines, { shows: false, pictures: false });
  }

  get question(): QuestionState | null {
    return this.#state;
  }

  set question(state: QuestionState | null) {
    this.#state = state;
    this.#view.onChange();
  }

  /** A suggested command; never together with a question. */
  get command(): CommandState | null {
    return this.#command;
  }

  set command(state: CommandState | null) {
    this.#command = state;
    this.#view.onChange();
  }

  /** The list of permissions to take back or to allow, while it is open. */
  get menu(): PermissionMenu | null {
    return this.#menu.menu;
  }

  /** Leaves the list. */
  closeMenu(): void {
    this.#menu.close();
    this.#view.onChange();
  }

  /** A key in the list; whether it changes something. */
  pressMenu(key: Key): boolean {
    const change = this.menu?.change;
    const entry = this.#menu.press(key);
    const changes = change !== undefined && entry !== null;
    if (changes) void this.#change(change, entry);
    this.#view.onChange();
    return changes;
  }

  get sessions(): readonly SessionView[] {
    return this.status?.sessions.filter(({ state }) => state !== 'ended') ?? [];
  }

  /** Why questions would not appear here; empty when they do. */
  get trouble(): string {
    if (this.status === null) return '';
    if (!this.status.log.healthy)
      return 'The record of sessions cannot be written: nobody can be let in. Tell your administrator.';
    const { lease } = this.status;
    if (lease !== null && lease !== undefined) {
      return `${lease.technician} may come back once after a restart until ${timeOfDay(lease.until)}. E forbids it.`;
    }
    const first = this.status.prompters[0];
    return first === undefined || first === this.#name ? '' : askedElsewhere(first);
  }

  onShow(question: PromptQuestion): void {
    if (this.#busy(question.id)) return;
    this.#state = newQuestion(question);
    this.#appear(question.id);
  }

  onCommand(question: CommandQuestion): void {
    if (this.#busy(question.id)) return;
    this.#command = newCommand(question);
    this.#appear(question.id);
  }

  #busy(id: string): boolean {
    const busy = this.#present !== null;
    if (busy) this.#voice?.failed(id, 'another question is on the screen');
    return busy;
  }

  #appear(id: string): void {
    this.#menu.close();
    this.#view.show().then(
      () => {
        if (this.#present?.id !== id) return;
        // The daemon counts from when it has heard that: on a busy computer that is later than here.
        void this.#voice?.displayed(id).then(
          () => {
            if (this.#present?.id !== id) return;
            this.#heard = true;
            this.rearm();
          },
          () => undefined, // the daemon is gone, and the question with it
        );
      },
      () => {
        if (this.#finish(id) !== null) this.#voice?.failed(id, 'the question could not be shown');
      },
    );
  }

  get #present(): PromptQuestion | CommandQuestion | null {
    return this.#state?.question ?? this.#command?.command ?? null;
  }

  onWithdraw(id: string): void {
    const question = this.#finish(id);
    if (question === null) return;
    const late = Date.now() >= Date.parse(question.until);
    const { name } = question.technician;
    this.news = late ? `Nobody answered in time: ${missedBy(question)}.` : `${name} does not ask any more.`;
    this.#view.onOver(question, late ? 'expired' : 'withdrawn');
  }

  /** Says who has left, or that a code did not fit, so that nothing older is taken for the present. */
  onMachine(status: MachineStatus, code: CodeView): void {
    const before = this.sessions;
    this.#menu.disturb();
    this.news = codeNews(this.code, code) ?? this.news;
    [this.status, this.code] = [status, code];
    for (const { id, technician } of before) {
      const now = status.sessions.find((session) => session.id === id);
      if ((now !== undefined && now.state !== 'ended') || this.#touched.includes(id)) continue;
      const why = now === undefined || now.because === '' ? 'the session has ended' : now.because;
      this.news = `${whoIs(technician)} is not connected any more: ${why}.`;
    }
    this.#view.onChange();
  }

  /** The person's answer to the question on the screen. */
  answer(answer: PromptAnswer): void {
    const question = this.#state === null ? null : this.#finish<PromptQuestion>(this.#state.question.id);
    if (question === null) return;
    this.#voice?.answer(question.id, answer);
    this.news = answer.allow
      ? `You allowed ${whoIs(question.technician)} to: ${scopesInWords(answer.scopes)}.`
      : `You said no to ${whoIs(question.technician)}. ${question.during === undefined ? 'Nobody was let in.' : 'The session goes on.'}`;
    this.#view.onOver(question, answer.allow ? 'allowed' : 'denied');
  }

  /** The person's answer to the command on the screen. */
  answerCommand(answer: CommandAnswer): void {
    const question = this.#command === null ? null : this.#finish<CommandQuestion>(this.#command.command.id);
    if (question === null) return;
    this.#voice?.answerCommand(question.id, answer);
    this.news = COMMAND_NEWS[answer.answer];
    this.#view.onOver(question, answer.answer === 'decline' ? 'denied' : 'allowed');
  }

  /** Keys count only some time from now, as when the question had just appeared. */
  rearm(): void {
    clearTimeout(this.#arming);
    this.#menu.disturb();
    const question = this.#present;
    if (question === null || !this.#heard) return;
    this.#setArmed(false);
    this.#arming = setTimeout(() => {
      // One more turn of the event loop: what was typed while this process did not run is read before the keys count.
      setImmediate(() => {
        if (this.#present?.id === question.id) this.#setArmed(true);
      });
    }, question.armsAfterMs);
  }

  #setArmed(armed: boolean): void {
    if (this.#state !== null) this.#state = armed ? arm(this.#state) : { ...this.#state, armed };
    if (this.#command !== null) this.#command = { ...this.#command, armed, remark: '' };
    if (armed) this.#view.onArmed?.();
    this.#view.onChange();
  }

  #onLine(session: string, line: string, kind: NoticeKind = 'happened'): void {
    this.seen.add({ session, line, kind });
    this.#menu.disturb();
    if (kind === 'written') this.#view.onWritten?.();
    this.#view.onChange();
  }

  #onReceipt(note: string): void {
    if (this.status !== null) this.receipt.take(note, this.status.machineKey);
    this.#view.onChange();
  }

  /** Tells a technician something. */
  async say(session: string, text: string): Promise<void> {
    await this.#try(async () => {
      this.news = saidInWords(await this.#client.say(session, text));
    });
  }

  /** For every session that is connected. */
  async act(action: SessionAction): Promise<void> {
    await this.#try(async () => {
      const touched = await this.#client[action](null);
      this.#touched = action === 'end' ? touched.map(({ id }) => id) : [];
      const names = touched.map((session) => session.technician.name).join(', ');
      if (touched.length > 0) this.news = `${DONE[action]}: ${names}.`;
      else this.news = this.sessions.length > 0 ? IN_VAIN[action] : 'Nobody is connected.';
    });
  }

  /** Opens the list of permissions, or says why there is none. */
  openMenu(change: PermissionMenu['change']): void {
    const menu = permissionMenu(change, this.sessions);
    const nothing = this.sessions.length === 0 ? 'Nobody is connected.' : 'There is nothing more that you could allow.';
    this.news = menu === null ? nothing : '';
    this.#menu.open(menu);
    this.#view.onChange();
  }

  /** What was chosen in the list. */
  async #change(change: PermissionMenu['change'], { session, scope, who }: MenuEntry): Promise<void> {
    await this.#try(async () => {
      await this.#client[change](session, [scope]);
      const words = scopesInWords([scope]);
      this.news = change === 'withdraw' ? `${who} can no longer ${words}.` : `${who} can now also ${words}.`;
    });
  }

  async newCode(): Promise<void> {
    await this.#try(async () => {
      this.code = await this.#client.newCode();
      this.news = 'Here is a new code. The old one does not work any more.';
    });
  }

  /** The terminal goes away: whatever is asked is answered with no. */
  [Symbol.dispose](): void {
    this.#menu[Symbol.dispose]();
    if (this.#state !== null) this.answer({ allow: false, reason: 'the prompt was closed' });
    if (this.#command !== null) this.answerCommand({ answer: 'decline', reason: 'the prompt was closed' });
  }

  #finish<Q extends PromptQuestion | CommandQuestion>(id: string): Q | null {
    const question = this.#present;
    if (question?.id !== id) return null;
    clearTimeout(this.#arming);
    this.#state = null;
    this.#command = null;
    this.#heard = false;
    return question as Q; // whoever asks for one kind holds its id
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.news = sentenceOf(error);
    }
    this.#view.onChange();
  }
}

/** Whether this program was started over the network. */
function isRemoteLogin({ SSH_CONNECTION: ssh }: NodeJS.ProcessEnv): boolean {
  return ssh !== undefined && ssh !== '';
}

/** An error as a sentence with its hint. */
export function sentenceOf(error: unknown): string {
  const { message, hint } = error as Partial<ChaperoneError>;
  const words = message ?? 'it did not work';
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.${hint === undefined ? '' : ` (${hint})`}`;
}
