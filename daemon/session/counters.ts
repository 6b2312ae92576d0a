// What a session did, counted as it happens, for the receipt.

import type { CommandSummary, DiagnosticSummary, ShellSummary } from '../../protocol/receipt.ts';
import type { Scope } from '../../protocol/scopes.ts';

export class SessionCounters {
  readonly scopesUsed = new Set<Scope>();
  readonly shells: ShellSummary[] = [];
  readonly commands: CommandSummary[] = [];
  /** Suggested commands to which the person said no. */
  commandsDeclined = 0;
  readonly diagnostics: DiagnosticSummary[] = [];
  /** Shells ever opened: the number of the newest one. */
  shellsOpened = 0;
  /** What the person wrote when they asked for help, once the technician was told. */
  helpAsked: string | null = null;
  diagnosticsStarted = 0;
  diagnosticsRunning = 0;
  pauses = 0;
  /** Shells of which something could not be killed. */
  processesLeft = 0;
  /** Chat lines and notes of the technician. */
  messages = 0;
  bytesToTechnician = 0;
  bytesFromTechnician = 0;
}
