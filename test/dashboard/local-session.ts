// A session with the machine in this process: its state is what the test's local user makes of it.

import type { AuditEventView, ChatMessage, ProposalResult, ScopeAnswer } from '../../protocol/control/messages.ts';
import type { DiagnosticEnd } from '../../protocol/diagnostics.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { orderScopes, type Scope } from '../../protocol/scopes.ts';
import type {
  ConnectForm,
  RunOptions,
  SessionPort,
  SessionSnapshot,
  ShellPort,
  SuggestOptions,
  TerminalSize,
} from '../../tui/dashboard/ports.ts';
import { DIAGNOSTICS, runLocalDiagnostic } from './local-diagnostics.ts';
import { sampleReceipt } from './local-records.ts';
import { LocalShell } from './local-shell.ts';

const LIMIT_MS = 60 * 60_000;
const SESSION = '01938a7e-0000-7000-8000-000000000000';

export class LocalSession implements SessionPort {
  readonly id = SESSION;
  readonly address: string;
  readonly #argv: readonly string[];
  readonly #listeners = new Set<() => void>();
  #snapshot: SessionSnapshot;
  #audit: readonly AuditEventView[] = [];
  #chat: readonly ChatMessage[] = [];
  #shell: LocalShell | null = null;

  constructor(form: ConnectForm, argv: readonly string[] = ['bash', '--norc', '--noprofile']) {
    this.address = form.address;
    this.#argv = argv;
    const now = Date.now();
    this.#snapshot = {
      state: 'active',
      because: '',
      startedAt: now,
      until: now + LIMIT_MS,
      endedAt: null,
      recording: 'on',
      receipt: null,
      grant: {
        v: 1,
        session: SESSION,
        machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
        technician: {
          name: 'Maria Lopez',
          role: 'technician',
          phone: '555 0100',
          organisation: null,
          keyFingerprint: `SHA256:${'k'.repeat(43)}`,
          verifiedBy: 'listed',
        },
        reason: form.reason,
        ticket: form.ticket,
        asked: [...form.scopes],
        scopes: [...form.scopes],
        grantedAt: new Date(now).toISOString(),
        expiresAt: new Date(now + LIMIT_MS).toISOString(),
        recorded: { output: true, input: false },
        containment: 'namespace',
        sandboxed: true,
      },
    };
    this.#log('consent.granted', { scopes: [...form.scopes], declined: [], expiresAt: this.#snapshot.grant.expiresAt });
    this.#log('session.started', { scopes: [...form.scopes] });
  }

  snapshot(): SessionSnapshot {
    return this.#snapshot;
  }

  audit(): readonly AuditEventView[] {
    return this.#audit;
  }

  chat(): readonly ChatMessage[] {
    return this.#chat;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Deeds of the local user. */
  do(deed: string): void {
    if (deed === 'pause') this.#become('paused', 'Ana has paused the session to take a call.');
    else if (deed === 'resume') this.#become('active', '');
    else if (deed === 'end') this.#finish('Ana has ended the session.');
    else if (deed.startsWith('say ')) this.#say('local user', deed.slice(4));
  }

  async openShell(size: TerminalSize): Promise<ShellPort> {
    this.#shell = new LocalShell(this.#argv, size);
    this.#log('shell.opened', { number: 1, program: this.#argv.join(' '), cols: size.cols, rows: size.rows });
    return this.#shell;
  }

  async listDiagnostics() {
    return DIAGNOSTICS;
  }

  async runDiagnostic(
    id: string,
    parameters: Readonly<Record<string, string | number>>,
    run: RunOptions,
  ): Promise<DiagnosticEnd> {
    this.#log('diagnostic.started', { id, parameters: { ...parameters } });
    const end = await runLocalDiagnostic(id, parameters, run);
    this.#log('diagnostic.ended', { id, outcome: end.outcome, message: end.message, durationMs: end.durationMs });
    return end;
  }

  async suggest(command: string, _purpose: string, { onState, onOutput }: SuggestOptions): Promise<ProposalResult> {
    onState({ proposal: 1, state: 'displayed', command, message: 'Ana sees it' });
    onState({ proposal: 1, state: 'running', command, message: 'Ana approved it' });
    onOutput('stdout', 'active\n');
    return {
      proposal: 1,
      outcome: 'done',
      message: 'it ended with status 0',
      exitCode: 0,
      truncated: false,
      durationMs: 5,
    };
  }

  async askForMore(scopes: readonly Scope[], reason: string): Promise<ScopeAnswer> {
    if (reason === 'because') throw new ChaperoneError('this computer does not allow this to a technician');
    const { grant } = this.#snapshot;
    this.#snapshot = { ...this.#snapshot, grant: { ...grant, scopes: orderScopes([...grant.scopes, ...scopes]) } };
    this.#announce();
    return { question: 1, outcome: 'allowed', message: 'Ana allowed it', scopes: [...scopes] };
  }

  async prepareRestart(): Promise<string> {
    return new Date(Date.now() + 900_000).toISOString();
  }

  async sendChat(text: string): Promise<void> {
    this.#say('technician', text);
  }

  async addNote(text: string): Promise<void> {
    this.#log('note.added', { text });
  }

  async end(): Promise<void> {
    this.#finish('You have ended the session.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  #finish(because: string): void {
    if (this.#snapshot.state === 'ended') return;
    this.#shell?.[Symbol.dispose]();
    this.#snapshot = { ...this.#snapshot, endedAt: Date.now(), receipt: sampleReceipt() };
    this.#become('ended', because);
  }

  #become(state: SessionSnapshot['state'], because: string): void {
    this.#snapshot = { ...this.#snapshot, state, because };
    if (state === 'paused') this.#log('session.paused', { reason: because });
    this.#announce();
  }

  #say(from: ChatMessage['from'], text: string): void {
    this.#chat = [...this.#chat, { from, text, at: new Date().toISOString() }];
    this.#announce();
  }

  #log(type: string, fields: AuditEventView['fields']): void {
    const severity = type.startsWith('session') ? 'notice' : 'info';
    this.#audit = [
      ...this.#audit,
      { seq: 40 + this.#audit.length, time: new Date().toISOString(), type, severity, fields },
    ];
    this.#announce();
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}
