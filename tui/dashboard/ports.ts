// What the dashboard asks of the outside world. Screens know these interfaces only: the SSH client, the files of
// past sessions and the tests each stand behind them.
//
// Rules that bind every implementation: all text is already sanitised for a terminal (one line unless it says
// otherwise); snapshots are immutable and keep their identity until something changed; times are epoch milliseconds;
// failures reject with a ChaperoneError, whose message and hint are shown as they are.

/** Everything the dashboard needs to run. */
export interface DashboardPorts {
  readonly connect: ConnectPort;
  readonly records: RecordsPort;
  /** Opens the connect form, filled in, instead of the list of machines. */
  readonly start?: Partial<ConnectForm>;
}

// ---------------------------------------------------------------------------------------------- connecting

/** What the technician fills in before a session. All strings as typed; the dashboard has checked them for form. */
export interface ConnectForm {
  /** Connection ID, or `host`, or `host:port`. */
  readonly address: string;
  /** The one-time code as heard on the phone; empty when the machine is to ask for it later (`onCode`). */
  readonly code: string;
  readonly reason: string;
  readonly ticket: string;
  readonly callback: string;
  readonly scopes: readonly string[];
}

/** A row of the connect form's checkboxes. */
export interface ScopeChoice {
  readonly scope: string;
  /** What it lets the technician do, in a few plain words. */
  readonly words: string;
  /** Ticked when the form opens. */
  readonly ticked: boolean;
  /** Shown in the danger colour. */
  readonly risky: boolean;
}

export interface TechnicianIdentity {
  readonly name: string;
  /** `SHA256:…` of the technician's key. */
  readonly fingerprint: string;
  /** Fills the form's callback field. */
  readonly callback: string;
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
}

/** A host key that is not known yet, or differs from the one known. */
export interface HostKeyQuestion {
  readonly address: string;
  readonly fingerprint: string;
  /** The fingerprint seen before, when it differs: the person should be called before going on. */
  readonly known: string | null;
}

export interface ConnectOptions {
  readonly onWaiting: (waiting: Waiting) => void;
  /** Resolves true to trust the key from now on. */
  readonly onHostKey: (question: HostKeyQuestion) => Promise<boolean>;
  /** The machine did not accept the code, or none was given. Resolves null to give up. */
  readonly onCode: (question: { readonly words: string; readonly triesLeft: number | null }) => Promise<string | null>;
  /** Aborting gives up at once; `connect` then rejects. */
  readonly signal: AbortSignal;
}

export interface ConnectPort {
  identity(): Promise<TechnicianIdentity>;
  readonly scopes: readonly ScopeChoice[];
  /** A sentence for the person who typed it when the address or code is malformed, else null. No network. */
  checkAddress(address: string): string | null;
  checkCode(code: string): string | null;
  /** Resolves when the local user has accepted and the session is active. */
  connect(form: ConnectForm, options: ConnectOptions): Promise<SessionPort>;
}

// ---------------------------------------------------------------------------------------------- a session

export interface SessionSnapshot {
  readonly state: 'active' | 'paused' | 'ended';
  /** Why it is paused or ended, in words; empty when active. */
  readonly because: string;
  /** Scopes granted now. */
  readonly scopes: readonly string[];
  readonly startedAt: number;
  /** When the time limit ends the session. */
  readonly until: number;
  readonly recording: 'on' | 'off' | 'failed';
  /** False shows "no sandbox" in the banner. */
  readonly sandboxed: boolean;
  readonly hipaa: boolean;
  readonly presence: 'present' | 'absent' | 'unknown';
  /** Comes shortly before or after the state `ended`. */
  readonly receipt: ReceiptView | null;
}

export interface SessionPort extends AsyncDisposable {
  /** UUIDv7. */
  readonly id: string;
  readonly machine: { readonly name: string; readonly connectionId: string | null; readonly address: string };
  readonly snapshot: () => SessionSnapshot;
  /** Rejects when the grant has no shell scope. One shell at a time is enough. */
  openShell(size: { readonly cols: number; readonly rows: number }): Promise<ShellPort>;
  listDiagnostics(): Promise<readonly DiagnosticEntry[]>;
  /** `signal` cancels it on the machine. Resolves for every outcome the machine reports, failures too. */
  runDiagnostic(
    id: string,
    params: Readonly<Record<string, string | number | boolean>>,
    options: { readonly onOutput: (output: DiagnosticOutput) => void; readonly signal: AbortSignal },
  ): Promise<DiagnosticOutcome>;
  /** Samples about every `intervalMs` until `signal` aborts; null when the grant has no `diagnostics`. */
  readonly watchVitals:
    | ((options: {
        readonly intervalMs: number;
        readonly onSample: (sample: VitalsSample) => void;
        readonly signal: AbortSignal;
      }) => Promise<void>)
    | null;
  /** What the audit trail of this session holds so far, oldest first, bounded. Identity changes with content. */
  readonly audit: () => readonly AuditEntry[];
  /** Chat lines and notes so far, oldest first, bounded. Identity changes with content. */
  readonly chat: () => readonly ChatLine[];
  sendChat(text: string): Promise<void>;
  addNote(text: string): Promise<void>;
  /** Resolves with what the local user answered, in words. */
  requestScopes(scopes: readonly string[], reason: string): Promise<string>;
  /** Ends the session; resolves when the machine confirmed or is gone. Never rejects. */
  end(): Promise<void>;
  /** Called after any change of `snapshot`, `audit` or `chat`; not with the change itself. */
  onChange(listener: () => void): Disposable;
}

/** A shell's bytes. The implementation applies back-pressure: while paused it does not read the SSH channel. */
export interface ShellPort extends Disposable {
  /** One listener; output before it is set waits inside the window. Bytes are raw: the emulator is the door. */
  onOutput(listener: (chunk: Uint8Array) => void): void;
  pause(): void;
  resume(): void;
  write(data: Uint8Array): void;
  resize(size: { readonly cols: number; readonly rows: number }): void;
  /** Resolves when the shell is gone, with the reason in words (`exited with status 1`, `ended by the local user`). */
  readonly closed: Promise<string>;
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: number;
  /** Event type of the catalogue. */
  readonly type: string;
  /** What happened, in words. */
  readonly words: string;
  readonly severity: 'info' | 'notice' | 'warning' | 'alert';
  readonly details: readonly (readonly [label: string, value: string])[];
}

export interface ChatLine {
  readonly at: number;
  readonly from: 'technician' | 'local user' | 'note';
  readonly text: string;
}

// ---------------------------------------------------------------------------------------------- diagnostics

export interface DiagnosticParameter {
  readonly name: string;
  readonly title: string;
  readonly kind: 'text' | 'integer' | 'choice' | 'boolean';
  readonly required: boolean;
  readonly initial: string;
  /** For `choice`. */
  readonly choices: readonly string[];
  /** Says what is wrong with a value in words, or null. */
  readonly check: (value: string) => string | null;
}

export interface DiagnosticEntry {
  readonly id: string;
  readonly title: string;
  /** Why one would run it, in plain words. */
  readonly purpose: string;
  readonly risk: 'low' | 'medium' | 'high';
  readonly parameters: readonly DiagnosticParameter[];
}

export type DiagnosticOutput =
  /** May hold newlines; arrives in pieces that need not end at a line. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'progress'; readonly fraction: number | null; readonly words: string };

export interface DiagnosticTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

export interface DiagnosticOutcome {
  readonly status: 'done' | 'failed' | 'cancelled' | 'timed out' | 'refused' | 'unavailable';
  /** One sentence. */
  readonly words: string;
  readonly tables: readonly DiagnosticTable[];
  /** True when output was cut at the limit. */
  readonly truncated: boolean;
}

/** One look at the machine; rates are bytes per second; absent parts are null. */
export interface VitalsSample {
  readonly at: number;
  /** 0…1 */
  readonly cpu: number;
  readonly load: number | null;
  readonly memory: { readonly used: number; readonly total: number };
  readonly network: { readonly received: number; readonly sent: number } | null;
  readonly disk: { readonly read: number; readonly written: number } | null;
  readonly filesystems: readonly { readonly mount: string; readonly used: number; readonly total: number }[];
}

// ---------------------------------------------------------------------------------------------- records

export interface MachineEntry {
  readonly name: string;
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
  /** Null while it is live in another window. */
  readonly endedAt: number | null;
  readonly reason: string;
  readonly ticket: string;
  /** How it ended, in words; empty while live. */
  readonly ending: string;
  readonly recordings: readonly { readonly id: string; readonly bytes: number }[];
}

/** A receipt made ready to read: sections of label and value. */
export interface ReceiptView {
  readonly session: string;
  /** Whether the machine's signature holds, and if not, what is wrong. */
  readonly verified: true | { readonly problem: string };
  readonly sections: readonly {
    readonly title: string;
    readonly rows: readonly (readonly [label: string, value: string])[];
  }[];
}

export interface RecordsPort {
  /** Most recently used first. */
  machines(): Promise<readonly MachineEntry[]>;
  /** Live first, then newest first; bounded. */
  sessions(): Promise<readonly SessionEntry[]>;
  receipt(session: string): Promise<ReceiptView | null>;
  audit(session: string): Promise<readonly AuditEntry[]>;
  /** Opens a recording as raw asciicast v2 bytes. Opening is itself noted by whoever implements this. */
  recording(session: string, recording: string): AsyncIterable<Uint8Array>;
  /** Called when machines or sessions changed. */
  onChange(listener: () => void): Disposable;
}
