// Whether this terminal can show the dashboard, and with colours or without.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import type { Size } from './frame.ts';

/** Smaller than this, the banner and the key bar would leave nothing to see; the screen then says so instead. */
export const SMALLEST: Size = { cols: 40, rows: 10 };

/** The dashboard cannot be shown here. */
export class NoDashboardError extends ChaperoneError {
  constructor(message: string, hint: string) {
    super(message, { hint, exitCode: EXIT.usage });
  }
}

export interface TerminalFacts {
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

const PLAIN_HINT = 'use the plain commands instead, see chaperone --help';

/** @throws NoDashboardError when there is no terminal, or one that cannot place text. */
export function requireTerminal({ stdinIsTty, stdoutIsTty, environment }: TerminalFacts): void {
  if (!stdoutIsTty) throw new NoDashboardError('the dashboard needs a terminal, and output goes elsewhere', PLAIN_HINT);
  if (!stdinIsTty)
    throw new NoDashboardError('the dashboard needs a keyboard, and input comes from elsewhere', PLAIN_HINT);
  const term = environment.TERM ?? '';
  if (term === 'dumb' || term === '') {
    const what = term === '' ? 'TERM is not set' : 'the terminal is "dumb"';
    throw new NoDashboardError(`the dashboard cannot place text on this terminal: ${what}`, PLAIN_HINT);
  }
}

/** https://no-color.org: any value that is not empty; and terminals that are known to have none. */
export function wantsColour(environment: NodeJS.ProcessEnv): boolean {
  const asked = environment.NO_COLOR;
  if (asked !== undefined && asked !== '') return false;
  return !/^vt\d|-m$|-mono$/.test(environment.TERM ?? '');
}
