// What the tray knows and does: keeps its icon and menu true, opens the windows that the person asks for, and tells
// them what they should hear.

import { Receipt } from '../../../protocol/receipt.ts';
import { openSignedJson } from '../../../protocol/signed-json.ts';
import { daemonSocketPath } from '../../console/console-path.ts';
import { connectLocal, type LocalClient } from '../../local/client.ts';
import type { MachineStatus, SessionView } from '../../local/controls.ts';
import { DaemonNotRunning } from '../../local/errors.ts';
import { openReceipt } from '../../watch/open-receipt.ts';
import type { Notifications } from '../bus/notifications.ts';
import { whereIs } from '../console.ts';
import type { DesktopPlace } from '../place.ts';
import type { AnyQuestion, QuestionEvents } from '../questions.ts';
import { runDetached } from '../run-detached.ts';
import { inTerminal } from '../terminal-program.ts';
import { showCode } from '../windows/code-window.ts';
import { askForHelp } from '../windows/help-window.ts';
import { askForMoreScopes } from '../windows/more-window.ts';
import { showInsteadOfIcon } from '../windows/no-icon-window.ts';
import { showText } from '../windows/text-window.ts';
import { IdleReminder } from './idle-reminder.ts';
import type { KnownReceipt, MenuAction } from './menu-model.ts';
import type { StatusItem } from './status-item.ts';

const RECEIPTS_MAX = 10; // a menu's worth
const PANEL_MS = 5000; // a panel that starts with the desktop, or again, has its tray by then
const NOTE_TITLE = 'Chaperone: please note';
export const RECEIPT_TITLE = 'Chaperone: receipt';

export class Tray implements QuestionEvents, Disposable {
  item: StatusItem | null = null;
  readonly #client: LocalClient;
  readonly #place: DesktopPlace;
  readonly #notifications: Notifications | null;
  readonly #closing = new AbortController();
  readonly #quit = Promise.withResolvers<void>();
  readonly #idle: IdleReminder;
  readonly #sessions = new Map<string, SessionView>();
  readonly #notes = new Map<string, string>();
  readonly #reading = new Set<Promise<void>>();
  #machineKey = '';
  #receipts: KnownReceipt[] = [];
  #asking: string | null = null;
  #expecting = false;
  #awayAfterMs = Number.POSITIVE_INFINITY;
  #lease: MachineStatus['lease'] = null;
  #leaseEnds: NodeJS.Timeout | undefined;
  #codeOpen: AbortController | null = null;
  #helpOpen = false;
  #moreOpen: AbortController | null = null;
  readonly #telling = new Set<string>();
  #unhosted: NodeJS.Timeout | undefined;
  #toldNoIcon = false;
  #noIcon: AbortController | null = null;

  /** @param remindAfterMs how long nothing happens in a session until the person is reminded of it */
  constructor(client: LocalClient, place: DesktopPlace, notifications: Notifications | null, remindAfterMs: number) {
    this.#idle = new IdleReminder(
      (name) =>
        this.#tell('Is your helper still there?', `Nothing has happened for a while. ${name} is still connected.`),
      remindAfterMs,
    );
    this.#client = client;
    this.#place = place;
    this.#notifications = notifications;
  }

  /** Resolves when the person wants to leave. */
  get quit(): Promise<void> {
    return this.#quit.promise;
  }

  async start(): Promise<void> {
    const status = await this.#client.status();
    this.#machineKey = status.machineKey;
    this.#expecting = status.helpAskedAt !== null;
    this.onMachine(status);
    for (const { session, note } of [...(await this.#client.receipts())].reverse()) this.#remember(session, note);
    this.#refresh();
  }

  /** Whether a panel shows the icon. Where none does for a while, a window stands in for its menu. */
  hosted(hosted: boolean): void {
    clearTimeout(this.#unhosted);
    if (hosted) {
      this.#noIcon?.abort();
      this.#noIcon = null;
      this.#refresh();
    } else if (!this.#toldNoIcon) {
      this.#unhosted = setTimeout(
        () => void this.#sayNoIcon().catch(() => undefined),
        this.item === null ? 0 : PANEL_MS,
      );
    }
  }

  onChange(question: AnyQuestion | null): void {
    this.#asking = question?.technician.name ?? null;
    if (question !== null) {
      this.#codeOpen?.abort();
      this.#moreOpen?.abort(); // two windows with boxes to tick are one too many
    }
    this.#refresh();
  }

  onNotShown({ technician }: AnyQuestion): void {
    void this.#tell('Somebody was not let in', `${technician.name} asked, but the question could not be shown.`);
  }

  /** How long without keyboard and mouse counts as away, in ms. */
  get awayAfterMs(): number {
    return this.#awayAfterMs;
  }

  onMachine({ lease = null, presence }: MachineStatus): void {
    this.#awayAfterMs = presence?.awayAfterMs ?? this.#awayAfterMs;
    this.#lease = lease;
    clearTimeout(this.#leaseEnds);
    // The daemon lets go of it when someone asks for it: nobody tells that its time is over.
    const over = () => {
      this.#lease = null;
      this.#refresh();
    };
    if (lease !== null) this.#leaseEnds = setTimeout(over, Math.max(0, Date.parse(lease.until) - Date.now()));
    this.#refresh();
  }

  onSession(session: SessionView): void {
    if (session.state === 'ended') {
      this.#sessions.delete(session.id);
      this.#moreOpen?.abort();
    } else this.#sessions.set(session.id, session);
    this.#expecting = false;
    this.#idle.onSession(session);
    this.#refresh();
  }

  /** Something was seen to happen in a session. */
  onActivity(session: string): void {
    this.#idle.onActivity(session);
  }

  onReceipt(session: string, note: string): void {
    this.#remember(session, note);
    this.#refresh();
    const reading = this.#showReceipt(session);
    this.#reading.add(reading);
    void reading.finally(() => this.#reading.delete(reading));
  }

  /** Resolves when the person has closed the receipts that they were shown. */
  async read(): Promise<void> {
    await Promise.allSettled([...this.#reading]);
  }

  act(action: MenuAction): void {
    void this.#act(action).catch(() => undefined); // the daemon refused: what the menu shows next says how it is
  }

  async #act(action: MenuAction): Promise<void> {
    switch (action.do) {
      case 'code':
        return await this.#showCode();
      case 'help':
        return await this.#getHelp();
      case 'watch': {
        const terminal = inTerminal(this.#place.find, 'watch');
        if (terminal !== null) runDetached(terminal, this.#place.environment);
        return;
      }
      case 'end all':
        await this.#client.end(null);
        return;
      case 'pause':
      case 'resume':
      case 'end':
        await this.#client[action.do](action.session);
        return;
      case 'forbid return':
        await this.#client.withdraw(null, ['reboot']);
        return;
      case 'more':
        return await this.#allowMore(action.session);
      case 'withdraw':
        await this.#client.withdraw(action.session, [action.scope]);
        return;
      case 'receipt':
        return await this.#showReceipt(action.session);
      case 'quit':
        // Also when nothing answers any more: with this program its windows go, and by them every session.
        await this.#client.end(null).finally(() => this.#quit.resolve());
    }
  }

  /** Once: whoever has closed it has read it. */
  async #sayNoIcon(): Promise<void> {
    this.#toldNoIcon = true;
    this.#noIcon = new AbortController();
    const signal = AbortSignal.any([this.#noIcon.signal, this.#closing.signal]);
    for (;;) {
      const chosen = await showInsteadOfIcon(this.#notifications !== null, this.#place, signal);
      if (chosen === null) return;
      await this.#act({ do: chosen });
    }
  }

  async #showCode(): Promise<void> {
    if (this.#codeOpen !== null) return;
    this.#codeOpen = new AbortController();
    this.#expecting = true;
    this.#refresh();
    const signal = AbortSignal.any([this.#codeOpen.signal, this.#closing.signal]);
    await showCode(this.#client, this.#place, signal).finally(() => {
      this.#codeOpen = null;
    });
    this.#expecting = (await this.#client.status()).helpAskedAt !== null;
    this.#refresh();
  }

  async #getHelp(): Promise<void> {
    if (this.#helpOpen) return;
    this.#helpOpen = true;
    const asked = await askForHelp(this.#client, this.#place, this.#closing.signal).finally(() => {
      this.#helpOpen = false;
    });
    if (!asked) return;
    this.#expecting = true;
    this.#refresh();
    await this.#showCode();
  }

  async #allowMore(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session === undefined || this.#moreOpen !== null) return;
    this.#moreOpen = new AbortController();
    const signal = AbortSignal.any([this.#moreOpen.signal, this.#closing.signal]);
    const scopes = await askForMoreScopes(session, this.#place, signal).finally(() => {
      this.#moreOpen = null;
    });
    if (scopes.length > 0) await this.#client.allow(id, scopes);
  }

  async #showReceipt(session: string): Promise<void> {
    const note = this.#notes.get(session);
    if (note === undefined) return;
    const { sentences, sound } = openReceipt(note, this.#machineKey);
    const heading = sound ? 'What happened in this session' : 'This receipt is not sound';
    const text = sentences.map((sentence) => `•  ${sentence}`).join('\n');
    const window = { title: RECEIPT_TITLE, heading, text, yes: 'Close', tall: true };
    await showText(window, this.#place, this.#closing.signal);
  }

  #remember(session: string, note: string): void {
    try {
      const { grant, endedAt } = openSignedJson('receipt', Receipt, note, this.#machineKey);
      const entry = { session, name: grant.technician.name, endedAt };
      this.#receipts = [entry, ...this.#receipts.filter((known) => known.session !== session)].slice(0, RECEIPTS_MAX);
    } catch {
      // Not sound: the window says so, the list does not name anyone by it.
    }
    this.#notes.set(session, note);
    const [oldest] = this.#notes.keys();
    if (this.#notes.size > RECEIPTS_MAX * 2 && oldest !== undefined) this.#notes.delete(oldest);
  }

  /** After the daemon is gone: says so only when really nothing answers any more, and somebody is there to read it. */
  async sayWhetherAnythingListens(machine: string, environment: NodeJS.ProcessEnv): Promise<void> {
    clearTimeout(this.#unhosted);
    this.#noIcon?.abort(); // what it says is not true any more
    if ((await whereIs(process.pid, environment)) === 'elsewhere') return; // it answers whoever sits here now
    try {
      using _ = await connectLocal(daemonSocketPath(environment));
      await this.#tell('Chaperone was started again', `Please open Chaperone on ${machine} again.`);
    } catch (error) {
      if (!(error instanceof DaemonNotRunning)) return;
      await this.#tell('Nothing is listening any more', `Chaperone has stopped on ${machine}. Nobody can connect.`);
    }
  }

  #refresh(): void {
    this.item?.update({
      sessions: [...this.#sessions.values()],
      asking: this.#asking,
      expecting: this.#expecting,
      receipts: this.#receipts,
      lease: this.#lease ?? null,
    });
  }

  /** A notification, or a window where nothing shows them; resolves when it is shown, or the window closed. */
  async #tell(summary: string, body: string): Promise<void> {
    try {
      await (this.#notifications?.show({ summary, body }) ?? this.#tellInWindow(summary, body));
    } catch {
      await this.#tellInWindow(summary, body);
    }
  }

  /** One of a kind at a time: a reminder that comes again must not fill the screen of someone who is away. */
  async #tellInWindow(heading: string, text: string): Promise<void> {
    if (this.#telling.has(heading)) return;
    this.#telling.add(heading);
    const window = { title: NOTE_TITLE, heading, text, yes: 'Close', small: true };
    await showText(window, this.#place, this.#closing.signal).finally(() => this.#telling.delete(heading));
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    clearTimeout(this.#leaseEnds);
    clearTimeout(this.#unhosted);
    this.#idle[Symbol.dispose]();
  }
}
