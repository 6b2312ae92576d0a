// The options of every command that asks a person for a session, and how missing ones are come by.

import { UsageError } from '../../protocol/errors.ts';
import { isFingerprint } from '../../protocol/identity/public-key.ts';
import { parseOneTimeCode } from '../../protocol/one-time-code.ts';
import { parseTarget } from '../connection/address.ts';
import { GivenUp } from '../connection/errors.ts';
import { checkScopes } from '../settings/check-scopes.ts';
import type { Settings } from '../settings/settings.ts';
import type { OutputOptions } from './output.ts';
import { ask, canAsk } from './questions.ts';

export interface RequestOptions extends OutputOptions {
  readonly reason?: string;
  readonly ticket?: string;
  readonly code?: string;
  readonly identity?: string;
  readonly certificate?: string;
  readonly fingerprint?: string;
  readonly acceptNew?: boolean;
}

/** Complains about what is malformed before anyone is called. @throws UsageError */
export function checkRequestOptions(machine: string, options: RequestOptions, scopes: readonly string[]): void {
  parseTarget(machine);
  checkScopes(scopes);
  if (options.code !== undefined) {
    parseOneTimeCode(options.code); // what no machine can have shown must not use up a try
  }
  if (options.fingerprint !== undefined && !isFingerprint(options.fingerprint)) {
    throw new UsageError(
      `${JSON.stringify(options.fingerprint)} is not a fingerprint`,
      'it looks like SHA256: and 43 letters, digits, + or /; the person sees it under chaperoned status',
    );
  }
}

/** Which key and certificate to show: a named key is not mixed with the certificate that belongs to another. */
export function proofOf(
  options: Pick<RequestOptions, 'identity' | 'certificate'>,
  settings: Pick<Settings, 'identity' | 'certificate'>,
): Pick<Settings, 'identity' | 'certificate'> {
  return {
    identity: options.identity ?? settings.identity,
    certificate: options.certificate ?? (options.identity === undefined ? settings.certificate : null),
  };
}

/** Scopes as given on the command line, where one option may hold several: `--scope shell,diagnostics`. */
export function splitScopes(given: readonly string[] | undefined): readonly string[] | null {
  return given === undefined ? null : given.flatMap((text) => text.split(/[\s,]+/)).filter((scope) => scope !== '');
}

/** Reason and ticket, asked for at the terminal when they are missing. @throws UsageError | GivenUp */
export async function reasonAndTicket(
  options: RequestOptions,
  signal: AbortSignal,
): Promise<{ reason: string; ticket: string }> {
  return {
    reason: await given(options.reason, 'reason', 'Why do you ask? The person will read this: ', signal),
    ticket: await given(options.ticket, 'ticket', 'Ticket: ', signal),
  };
}

async function given(value: string | undefined, name: string, question: string, signal: AbortSignal): Promise<string> {
  if (value !== undefined && value.trim() !== '') {
    return value.trim();
  }
  if (!canAsk()) {
    throw new UsageError(`the ${name} is missing`, `give it with --${name}`);
  }
  for (;;) {
    const answer = await ask(question, { signal });
    if (answer === null) {
      throw new GivenUp();
    }
    if (answer !== '') {
      return answer;
    }
  }
}
