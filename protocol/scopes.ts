// The permissions a technician may ask for, in the words that the local user reads.

import { z } from 'zod';
import { SCOPES } from './scope-names.ts';

export { SCOPES } from './scope-names.ts';

export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** A set of scopes as it travels: unique, in the order of {@link SCOPES}. */
export const ScopeList = z
  .array(Scope)
  .min(1, 'ask for at least one permission')
  .max(SCOPES.length)
  .transform((scopes) => orderScopes(scopes));

export interface ScopeWords {
  /** What stands beside the checkbox. */
  readonly title: string;
  /** What a tick allows, in one plain sentence. */
  readonly allows: string;
  /** Whether a prompt may show the box already ticked when it was asked for (DESIGN.md §6). */
  readonly mayBePreTicked: boolean;
}

export const SCOPE_WORDS: Readonly<Record<Scope, ScopeWords>> = {
  diagnostics: {
    title: 'Run health checks',
    allows: 'Read facts about this computer from a fixed list of checks. Nothing is changed.',
    mayBePreTicked: true,
  },
  'shell.suggest': {
    title: 'Suggest commands',
    allows: 'Propose commands. Each one runs only after you approve it.',
    mayBePreTicked: true,
  },
  'shell.readonly': {
    title: 'Look around',
    allows: 'Type commands that can look at this computer but cannot change files.',
    mayBePreTicked: true,
  },
  shell: {
    title: 'Type commands',
    allows: 'Type commands on this computer. They can see and change what you can see and change.',
    mayBePreTicked: true,
  },
  'shell.admin': {
    title: 'Type commands as administrator',
    allows: 'Type commands that can change anything on this computer.',
    mayBePreTicked: false,
  },
  'screen.view': {
    title: 'See your screen',
    allows: 'See what is on your screen, except protected programs.',
    mayBePreTicked: false,
  },
  'screen.control': {
    title: 'Use your mouse and keyboard',
    allows: 'Move the mouse and type on your screen.',
    mayBePreTicked: false,
  },
  'files.push': {
    title: 'Send you files',
    allows: 'Put files on this computer. You are asked about each one.',
    mayBePreTicked: true,
  },
  'files.pull': {
    title: 'Take files',
    allows: 'Copy files from this computer. You are asked about each one.',
    mayBePreTicked: true,
  },
  reboot: {
    title: 'Restart and return',
    allows: 'Restart this computer and come back within 15 minutes without asking again.',
    mayBePreTicked: false,
  },
};

/** The scopes that open an interactive shell. */
export const SHELL_SCOPES: readonly Scope[] = ['shell.readonly', 'shell', 'shell.admin'];

/** Unique scopes in the order of {@link SCOPES}. */
export function orderScopes(scopes: Iterable<Scope>): Scope[] {
  const asked = new Set(scopes);
  return SCOPES.filter((scope) => asked.has(scope));
}

/** What is in every one of the given sets: a grant is ticked ∩ policy ∩ asked. */
export function intersectScopes(first: Iterable<Scope>, ...others: ReadonlyArray<Iterable<Scope>>): Scope[] {
  const sets = others.map((other) => new Set(other));
  return orderScopes(first).filter((scope) => sets.every((set) => set.has(scope)));
}
