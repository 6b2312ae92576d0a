// A session as long as it lives, seen from the technician: its state, its shells and diagnostics, and its end.

import type {
  AuditEventView,
  ChatMessage,
  ProposalResult,
  ScopeAnswer,
  SessionInfo,
  SessionState,
} from '../../protocol/control/messages.ts';
import type { DiagnosticDescriptor, DiagnosticEnd } from '../../protocol/diagnostics.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/grant.ts';
import { type Scope, SHELL_SCOPES } from '../../protocol/scopes.ts';
import type { RunOptions, SessionPort, SessionSnapshot, SuggestOptions, TerminalSize } from '../dashboard/ports.ts';
import type { KeptRecording } from '../records/cast-writer.ts';
import type { KeptLease } from '../records/leases.ts';
import type { SessionFolder } from '../records/sessions.ts';
import { ShellCopies } from '../records/shell-copies.ts';
import { Asks } from './asks.ts';
import { Changes } from './changes.ts';
import type { ControlChannel, Notice } from './control-channel.ts';
import { DiagnosticRuns } from './diagnostic-runs.ts';
import { SessionOver } from './errors.ts';
import { History } from './history.ts';
import type { Link } from './link.ts';
import { openShellChannel, type ShellChannel } from './shell-channel.ts';
import { openChangedGrant } from './verified-grant.ts';

const GOODBYE_MS = 5_000; // for the machine to confirm the end and send the receipt; then the line is cut

export interface EndOptions {
  /** What the session was for is done: the person reads that, and not that it was broken off. @default false */
  readonly finished?: boolean;
}

export interface LiveSessionParts {
  readonly link: Link;
  readonly control: ControlChannel;
  readonly info: SessionInfo;
  /** Verified. */
  readonly grant: Grant;
  readonly address: string;
  readonly folder: SessionFolder;
  /** Keeps what lets this technician come back after a restart. */
  readonly keepLease: (lease: KeptLease) => void;
  /** Notes that the receipt came, keeps it, and makes it ready to read. */
  readonly keepReceipt: (note: string) => Promise<SessionSnapshot['receipt']>;
  /** Notes what the copy of a shell is, now that it is closed. */
  readonly vouchFor: (kept: KeptRecording) => Promise<void>;
}

export class LiveSession implements SessionPort {
  readonly id: string;
  readonly address: string;
  /** Resolves when the connection is gone, and the receipt, if one came, and the copies of shells are kept. */
  readonly finished: Promise<void>;
  /** What went wrong with keeping records here, in words; the session itself goes on. */
  trouble: string | null = null;
  readonly #parts: LiveSessionParts;
  readonly #history = new History();
  readonly #changes = new Changes();
  readonly #runs: DiagnosticRuns;
  readonly #asks: Asks;
  readonly #shells = new Set<ShellChannel>();
  readonly #copies: ShellCopies;
  /** This computer's clock minus the machine's, in ms. */
  readonly #skew: number;
  #snapshot: SessionSnapshot;
  /** Set by the first receipt: a machine has one to give, and each is durable in the log before anything after it. */
  #keeping: Promise<void> | null = null;
  #controlClosed = false;
  #goodbye: NodeJS.Timeout | undefined;

  constructor(parts: LiveSessionParts) {
    const { grant, info, control, link } = parts;
    this.#parts = parts;
    this.id = grant.session;
    this.address = parts.address;
    this.#runs = new DiagnosticRuns(control);
    this.#asks = new Asks(control);
    this.#copies = new ShellCopies({
      folder: parts.folder,
      vouchFor: parts.vouchFor,
      onProblem: (problem) => this.#complain(problem),
    });
    this.#skew = Date.now() - Date.parse(info.now);
    this.#snapshot = {
      state: 'active',
      because: '',
      grant,
      startedAt: Date.parse(info.startedAt) + this.#skew,
      until: Date.parse(grant.expiresAt) + this.#skew,
      endedAt: null,
      recording: grant.recorded.output ? 'on' : 'off',
      receipt: null,
    };
    this.#takeState(info.state);
    this.finished = this.#finish(link.closed);
    control.request('audit.list', {}).then(
      ({ events }) => this.#takeAudit(events),
      () => undefined, // what comes by itself is shown anyway
    );
  }

  snapshot(): SessionSnapshot {
    return this.#snapshot;
  }

  audit(): readonly AuditEventView[] {
    return this.#history.audit;
  }

  chat(): readonly ChatMessage[] {
    return this.#history.chat;
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  /** What the machine says by itself on the control channel. */
  take(notice: Notice): void {
    switch (notice.method) {
      case 'session.state':
        this.#takeState(notice.params);
        break;
      case 'grant.changed':
        this.#takeGrant(notice.params.grantNote);
        break;
      case 'diagnostics.output':
        this.#runs.output(notice.params.run, notice.params.output);
        break;
      case 'diagnostics.end':
        this.#runs.end(notice.params.run, notice.params.end);
        break;
      case 'scope.answered':
        this.#asks.answered(notice.params);
        break;
      case 'command.state':
        this.#asks.state(notice.params);
        break;
      case 'command.output':
        this.#asks.output(notice.params.proposal, notice.params.stream, notice.params.text);
        break;
      case 'command.result':
        this.#asks.result(notice.params);
        break;
      case 'presence':
        this.#set({ presence: notice.params.here ? '' : notice.params.words });
        break;
      case 'chat.message':
        this.#history.addChat(notice.params);
        this.#changes.announce();
        break;
      case 'audit.event':
        this.#takeAudit([notice.params]);
        break;
      case 'receipt':
        this.#takeReceipt(notice.params.note);
    }
  }

  /** The control channel is gone; without it there is no session. */
  controlClosed(broken: ChaperoneError | null): void {
    if (broken !== null) {
      this.#end(broken.message);
    }
    this.#controlClosed = true;
    this.#cutAfter(broken === null ? GOODBYE_MS : 0);
    this.#leaveWhenDone();
  }

  async openShell(size: TerminalSize, term?: string): Promise<ShellChannel> {
    const { state, grant } = this.#snapshot;
    if (state === 'ended') {
      throw new SessionOver('the session is over');
    }
    if (!grant.scopes.some((scope) => SHELL_SCOPES.includes(scope))) {
      throw new ChaperoneError('the person did not allow a shell', {
        exitCode: EXIT.denied,
        hint: 'ask for it in the tab Ask of the dashboard, or in a new request',
      });
    }
    const copy = this.#copies.begin(size);
    try {
      const shell = await openShellChannel(this.#parts.link.client, {
        size,
        ...(term === undefined ? {} : { term }),
        tap: (chunk) => copy?.output(chunk),
        onResize: (resized) => copy?.resize(resized),
      });
      this.#shells.add(shell);
      void shell.closed.finally(() => {
        this.#copies.end(copy);
        this.#shells.delete(shell);
        this.#leaveWhenDone();
      });
      return shell;
    } catch (error) {
      this.#copies.end(copy);
      throw error;
    }
  }

  async listDiagnostics(): Promise<readonly DiagnosticDescriptor[]> {
    return (await this.#parts.control.request('diagnostics.list', {})).diagnostics;
  }

  runDiagnostic(
    id: string,
    parameters: Readonly<Record<string, string | number>>,
    run: RunOptions,
  ): Promise<DiagnosticEnd> {
    return this.#runs.run(id, parameters, run);
  }

  suggest(command: string, purpose: string, options: SuggestOptions): Promise<ProposalResult> {
    return this.#asks.suggest(command, purpose, options);
  }

  askForMore(scopes: readonly Scope[], reason: string): Promise<ScopeAnswer> {
    return this.#asks.askForMore(scopes, reason);
  }

  async prepareRestart(): Promise<string> {
    const lease = await this.#parts.control.request('reboot.prepare', {});
    this.#parts.keepLease(lease);
    return lease.expiresAt;
  }

  async sendChat(text: string): Promise<void> {
    await this.#parts.control.request('chat.send', { text });
  }

  async addNote(text: string): Promise<void> {
    await this.#parts.control.request('note.add', { text });
  }

  async end({ finished = false }: EndOptions = {}): Promise<void> {
    if (this.#snapshot.state !== 'ended') {
      this.#set({ endAsked: true });
      await this.#parts.control.request('session.end', finished ? { finished } : {}).catch(() => undefined);
    }
    this.#cutAfter(GOODBYE_MS);
    await this.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  #takeState({ state, message, others = [] }: SessionState): void {
    if (state === 'ended') {
      this.#end(message);
      this.#cutAfter(GOODBYE_MS);
    } else if (this.#snapshot.state !== 'ended') {
      this.#set({
        state: state === 'paused' ? 'paused' : 'active',
        because: state === 'paused' ? message : '',
        others,
      });
    }
  }

  #takeGrant(note: string): void {
    const grant = openChangedGrant(note, this.#parts.info.machineKey, this.#snapshot.grant);
    if (grant === null) {
      return; // of another session, or nobody signed it: no word about this one
    }
    this.#set({ grant, until: Date.parse(grant.expiresAt) + this.#skew });
    this.#keep(() => this.#parts.folder.granted(grant, note));
  }

  #takeAudit(events: readonly AuditEventView[]): void {
    const fresh = this.#history.addAudit(events);
    for (const event of fresh) {
      if (event.type === 'recording.failed') {
        this.#set({ recording: 'failed' });
      }
      this.#keep(() => this.#parts.folder.audit(event));
    }
    if (fresh.length > 0) {
      this.#changes.announce();
    }
  }

  #takeReceipt(note: string): void {
    this.#keeping ??= this.#parts
      .keepReceipt(note)
      .then(
        (receipt) => this.#set({ receipt }),
        (error: unknown) => this.#complain(error),
      )
      .then(() => this.#leaveWhenDone());
  }

  #end(because: string): void {
    if (this.#snapshot.state === 'ended') {
      return;
    }
    this.#set({ state: 'ended', because, endedAt: Date.now() });
    this.#runs.lost();
    this.#asks.lost();
    for (const shell of this.#shells) {
      shell.stop();
    }
    this.#keep(() => this.#parts.folder.end(because));
  }

  async #finish(closed: Promise<string | null>): Promise<void> {
    const broken = await closed;
    this.#end(broken === null ? 'the machine closed the connection' : `the connection broke (${broken})`);
    clearTimeout(this.#goodbye);
    this.#parts.control[Symbol.dispose]();
    await Promise.all([this.#keeping, this.#copies.endAll()]);
  }

  /** Everything of the session has been said: no need to wait for the machine to hang up. */
  #leaveWhenDone(): void {
    if (this.#controlClosed && this.#shells.size === 0 && this.#snapshot.receipt !== null) {
      this.#parts.link.leave();
    }
  }

  #cutAfter(ms: number): void {
    if (ms === 0) {
      this.#parts.link.cut();
    }
    this.#goodbye ??= setTimeout(() => this.#parts.link.cut(), ms);
  }

  #set(changed: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changed };
    this.#changes.announce();
  }

  /** Keeping a copy here must not end a session: the machine's own records are the ones that count. */
  #keep(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error: unknown): void {
    this.trouble ??= error instanceof Error ? error.message : 'records cannot be kept';
  }
}
