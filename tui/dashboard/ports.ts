// What the dashboard asks of the outside world. Screens know these interfaces only: the SSH client, the files of
// past sessions and the tests each stand behind them.
//
// Rules that bind every implementation: all text is already sanitised for a terminal (one line unless it says
// otherwise); snapshots are immutable and keep their identity until something changed; times are epoch milliseconds
// of this computer's clock; failures reject with a ChaperoneError, whose message and hint are shown as they are.

import type {
  AuditEventView,
  ChatMessage,
  ProposalResult,
  ProposalState,
  ScopeAnswer,
} from '../../protocol/control/messages.ts';
import type { NotGiven } from '../../protocol/conversation.ts';
import type { DiagnosticDescriptor, DiagnosticEnd, DiagnosticOutput } from '../../protocol/diagnostics.ts';
import type { Grant } from '../../protocol/grant.ts';
import type { EndParty } from '../../protocol/receipt.ts';
import type { Scope } from '../../protocol/scopes.ts';

/** Everything the dashboard needs to run. */
export interface DashboardPorts {
  readonly connect: ConnectPort;
  readonly records: RecordsPort;
  /** Opens the connect form, filled in, instead of the list of machines. */
  readonly start?: Partial<ConnectForm>;
  /** With `start`: asks for the session at once, as if the form had been sent. @default false */
  readonly startAtOnce?: boolean;
}

// ---------------------------------------------------------------------------------------------- connecting

/** What the technician fills in before a session. The dashboard has checked it for form. */
export interface ConnectForm {
  /** Connection ID, or `host`, or `host:port`. */
  readonly address: string;
  /** The one-time code as heard on the phone; empty when it is to be asked for later (`onCode`). */
  readonly code: string;
  readonly reason: string;
  readonly ticket: string;
  readonly scopes: readonly Scope[];
}

export interface TechnicianKey {
  /** What the key is called here: its comment, or the user's name. */
  readonly name: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

/** Where a connection attempt stands, for the waiting screen. */
export interface Waiting {
  readonly stage: 'reaching' | 'authenticating' | 'pairing' | 'consent' | 'opening';
  /** Who is awaited, as `the person at front-desk-2`. */
  readonly who: string;
  /** For what, as `to answer your request`. */
  readonly what: string;
  /** When the wait gives up by itself; null when it does not. */
  readonly until: number | null;
  /** What of the request the policy of the machine does not give, and why: the person is not asked for it. @default nothing */
  readonly notGiven?: readonly NotGiven[];
}

/** A host key that is not known yet, or differs from the one known. */
export interface HostKeyQuestion {
  readonly address: string;
  readonly fingerprint: string;
  /** The fingerprint seen before, when it differs: the person should be called before going on. */
  readonly known: string | null;
}

/** The machine wants a code: none was given yet, or the last one was wrong. */
export interface CodeQuestion {
  /** In words, as `that code is not right`. */
  readonly words: string;
  readonly triesLeft: number | null;
}

export interface ConnectOptions {
  readonly onWaiting: (waiting: Waiting) => void;
  /** Resolves true to trust the key from now on. */
  readonly onHostKey: (question: HostKeyQuestion) => Promise<boolean>;
  /** Resolves null to give up. */
  readonly onCode: (question: CodeQuestion) => Promise<string | null>;
  /** Aborting gives up at once; `connect` then rejects. */
  readonly signal: AbortSignal;
}

export interface ConnectPort {
  key(): Promise<TechnicianKey>;
  /** Scopes that this program can make use of, hence may ask for. */
  readonly scopes: readonly Scope[];
  /** Those that this technician asks for unless they choose others. @default the least of `scopes` */
  readonly usual?: readonly Scope[];
  /** What is wrong with an address in words, else null. No network. */
  checkAddress(address: string): string | null;
  /** The same for a code that is not empty. */
  checkCode(code: string): string | null;
  /** Resolves when the local user has accepted and the session is active. */
  connect(form: ConnectForm, options: ConnectOptions): Promise<SessionPort>;
}

// ---------------------------------------------------------------------------------------------- a session

export interface SessionSnapshot {
  readonly state: 'active' | 'paused' | 'ended';
  /** Why it is paused or ended, in words; empty when active. */
  readonly because: string;
  readonly grant: Grant;
  readonly startedAt: number;
  /** When the time limit ends the session. */
  readonly until: number;
  /** The technician asked for the end before it came. @default false */
  readonly endAsked?: boolean;
  /** When it ended, else null. */
  readonly endedAt: number | null;
  readonly recording: 'on' | 'off' | 'failed';
  /** Other technicians who are connected to the machine now, by name. */
  readonly others?: readonly string[];
  /** Why the local user is not at the machine, in words; empty or absent when nothing says so. */
  readonly presence?: string;
  /** Comes shortly before or after the state `ended`; null forever when the connection broke. */
  readonly receipt: ReceiptView | null;
}

export interface SessionPort extends AsyncDisposable {
  /** UUIDv7. */
  readonly id: string;
  /** `host:port` or the connection ID, as it was dialled. */
  readonly address: string;
  snapshot(): SessionSnapshot;
  /** What the audit trail of this session holds so far, oldest first, bounded. Identity changes with content. */
  audit(): readonly AuditEventView[];
  /** Chat so far, oldest first, bounded; texts may hold newlines. Identity changes with content. */
  chat(): readonly ChatMessage[];
  /** Called after any change of `snapshot`, `audit` or `chat`; not with the change itself. */
  onChange(listener: () => void): Disposable;

  /** Rejects when the grant has no shell scope. */
  openShell(size: TerminalSize): Promise<ShellPort>;
  listDiagnostics(): Promise<readonly DiagnosticDescriptor[]>;
  /** Resolves for every outcome that the machine reports, failures too. Aborting cancels it on the machine. */
  runDiagnostic(
    id: string,
    parameters: Readonly<Record<string, string | number>>,
    run: RunOptions,
  ): Promise<DiagnosticEnd>;
  /** Suggests a command to the person; resolves when it has run, or will not run. */
  suggest(command: string, purpose: string, options: SuggestOptions): Promise<ProposalResult>;
  /** Asks the person for more; what was allowed is in the grant when it resolves. */
  askForMore(scopes: readonly Scope[], reason: string): Promise<ScopeAnswer>;
  /** Asks the machine to let this technician in once after a restart; resolves with until when (ISO). Needs `reboot`. */
  prepareRestart(): Promise<string>;
  sendChat(text: string): Promise<void>;
  addNote(text: string): Promise<void>;
  /** Ends the session; resolves when the machine confirmed or is gone. Never rejects. */
  end(): Promise<void>;
}

export interface RunOptions {
  /** Texts may hold newlines. */
  readonly onOutput: (output: DiagnosticOutput) => void;
  readonly signal: AbortSignal;
}

export interface SuggestOptions {
  readonly onState: (state: ProposalState) => void;
  /** Texts may hold newlines. */
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Aborting withdraws the question, or stops the command. */
  readonly signal: AbortSignal;
}

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** A shell's bytes. While paused, the implementation does not read the SSH channel, so the machine is held back. */
export interface ShellPort extends Disposable {
  /** One listener, set once; output before that waits in the channel. Bytes are raw: the emulator is their door. */
  onOutput(listener: (chunk: Uint8Array) => void): void;
  pause(): void;
  resume(): void;
  write(data: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Resolves when the shell is gone, with the reason in words (`the shell exited with status 1`). */
  readonly closed: Promise<string>;
}

// ---------------------------------------------------------------------------------------------- records

export interface MachineEntry {
  readonly name: string;
  /** Nine digits without spaces. */
  readonly connectionId: string | null;
  /** What goes into the connect form. */
  readonly address: string;
  readonly fingerprint: string | null;
  readonly lastSession: number | null;
  readonly sessions: number;
}

export interface SessionEntry {
  readonly id: string;
  readonly machine: string;
  readonly startedAt: number;
  /** Null while it is live, in this window or another. */
  readonly endedAt: number | null;
  readonly reason: string;
  readonly ticket: string;
  /** How it ended, in words; empty while live. */
  readonly ending: string;
  readonly recordings: readonly { readonly id: string; readonly bytes: number }[];
}

/** A receipt made ready to read. */
export interface ReceiptView {
  /** Whether the machine's signature holds, and if not, what is wrong. */
  readonly verified: true | { readonly problem: string };
  /** Who ended the session, in the machine's words; null when the receipt cannot be trusted. */
  readonly endedBy: EndParty | null;
  readonly sections: readonly {
    readonly title: string;
    readonly rows: readonly (readonly [label: string, value: string])[];
  }[];
}

/** Why a recording may not show what was shown, in words that fit a row of 80 cells. */
export interface Doubt {
  /** It does not show it, or nothing can tell. */
  readonly grave: boolean;
  readonly words: string;
}

export interface OpenedRecording {
  /** Null when the technician's log vouches for all of it. */
  readonly doubt: Doubt | null;
  /** Raw asciicast v2. Can be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface RecordsPort {
  /** Most recently used first. */
  machines(): Promise<readonly MachineEntry[]>;
  /** Live first, then newest first; bounded. */
  sessions(): Promise<readonly SessionEntry[]>;
  receipt(session: string): Promise<ReceiptView | null>;
  audit(session: string): Promise<readonly AuditEventView[]>;
  /** Opens a recording and holds it against the log; whoever implements this notes the viewing in the log first. */
  recording(session: string, recording: string): Promise<OpenedRecording>;
  /** Called when machines or sessions changed. */
  onChange(listener: () => void): Disposable;
}
