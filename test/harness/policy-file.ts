// The policy that a test's machine runs under: loopback, any free port, shells allowed, everything else by default.

import { stringify } from 'yaml';
import type { Scope } from '../../protocol/scopes.ts';

export interface ListedForTest {
  readonly name: string;
  readonly phone: string;
  readonly role: string;
  readonly organisation: string | null;
  /** One line, as ssh-keygen writes it. */
  readonly key: string;
}

export interface PolicyOptions {
  readonly machineName?: string;
  readonly hipaa?: boolean;
  /** @default `127.0.0.1:0` */
  readonly listen?: readonly string[];
  readonly scopes?: Readonly<Record<string, readonly Scope[]>>;
  readonly organisation?: {
    readonly name?: string;
    readonly ca?: readonly string[];
    readonly revocations?: readonly string[];
  };
  /** To answer, from 10 s to 5 min. */
  readonly timeout?: string;
  /** From 1 min to 12 h. */
  readonly maxSession?: string;
  readonly allowPlainCode?: boolean;
  readonly program?: string;
  /** @default off: there is no sandbox yet, and strict refuses shells */
  readonly sandbox?: 'strict' | 'off';
  readonly recordInput?: boolean;
  /** Of one recording, from 1MiB. */
  readonly maxRecording?: string;
  /** Patterns for diagnostics that nobody may run. */
  readonly refuse?: readonly string[];
}

/** Text of policy.yaml. */
export function policyText(technicians: readonly ListedForTest[], options: PolicyOptions = {}): string {
  const { timeout, maxSession, allowPlainCode, program } = options;
  return stringify({
    machine: { name: options.machineName ?? 'front-desk-2', hipaa: options.hipaa ?? true },
    listen: options.listen ?? ['127.0.0.1:0'],
    technicians,
    ...(options.organisation === undefined ? {} : { organisation: options.organisation }),
    ...(options.scopes === undefined ? {} : { scopes: options.scopes }),
    consent: {
      ...(timeout === undefined ? {} : { timeout }),
      ...(maxSession === undefined ? {} : { maxSession }),
      ...(allowPlainCode === undefined ? {} : { allowPlainCode }),
    },
    shell: { sandbox: options.sandbox ?? 'off', ...(program === undefined ? {} : { program }) },
    record: {
      input: options.recordInput ?? false,
      ...(options.maxRecording === undefined ? {} : { maxSize: options.maxRecording }),
    },
    ...(options.refuse === undefined ? {} : { diagnostics: { refuse: options.refuse } }),
  });
}
