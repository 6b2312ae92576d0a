// Every key of the policy: what it holds, what it is when nobody says, and how an organisation can narrow it.

import { hostname } from 'node:os';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import { orderScopes, type Scope } from '../../protocol/scopes.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { formatDuration } from './duration.ts';
import { formatListenAddress, type ListenAddress } from './listen-address.ts';
import type { ListedTechnician } from './policy.ts';
import { formatSize } from './size.ts';

export const NAME_MAX = 64; // characters; protocol/grant.ts holds machine names to the same

export type RoleScopes = Readonly<Record<string, readonly Scope[]>>;

/** What a policy holds, by the path of the key in its file. Times are in ms, sizes in bytes. */
export interface Settings {
  readonly 'machine.name': string;
  readonly 'machine.hipaa': boolean;
  readonly listen: readonly ListenAddress[];
  readonly technicians: readonly ListedTechnician[];
  readonly 'organisation.name': string | null;
  readonly 'organisation.ca': readonly SshPublicKey[];
  readonly 'organisation.revocations': readonly string[];
  readonly 'organisation.policy': string | null;
  readonly 'organisation.policySigner': readonly SshPublicKey[];
  readonly scopes: RoleScopes;
  readonly 'consent.timeout': number;
  readonly 'consent.maxSession': number;
  readonly 'consent.pauseWhenAway': number;
  readonly 'consent.allowPlainCode': boolean;
  readonly 'shell.program': string;
  readonly 'shell.sandbox': 'strict' | 'off';
  readonly 'shell.network': true;
  readonly 'diagnostics.refuse': readonly string[];
  readonly 'record.input': false;
  readonly 'record.maxSize': number;
  readonly 'files.push': false;
  readonly 'files.pull': false;
  readonly 'screen.module': 'off';
}

export type SettingKey = keyof Settings;

/** What one file says; what is left out is left to the layer below. */
export type WrittenSettings = { readonly [K in SettingKey]?: Settings[K] | undefined };

export interface Narrowing<V> {
  /** How, in words for `policy explain`. */
  readonly how: string;
  /** What both allow: never more than `machine` alone does. */
  readonly meet: (machine: V, organisation: V) => V;
}

export interface SettingRule<V> {
  /** The hardened value when no file says anything. */
  readonly builtIn: () => V;
  /** Null: the machine alone says this, and what an organisation writes there has no effect. */
  readonly narrowing: Narrowing<V> | null;
  readonly show: (value: V) => string;
}

const SHORTER: Narrowing<number> = { how: 'the shorter time holds', meet: Math.min };
const SMALLER: Narrowing<number> = { how: 'the smaller size holds', meet: Math.min };
const ALL_REFUSED: Narrowing<readonly string[]> = {
  how: 'refused where either refuses it',
  meet: (machine, organisation) => [...new Set([...machine, ...organisation])],
};
const ONLY_IF_BOTH: Narrowing<boolean> = { how: 'allowed only where both allow it', meet: (a, b) => a && b };
const IF_EITHER: Narrowing<boolean> = { how: 'true where either says so', meet: (a, b) => a || b };
const SANDBOX: Narrowing<'strict' | 'off'> = {
  how: 'strict where either says so',
  meet: (a, b) => (a === 'strict' || b === 'strict' ? 'strict' : 'off'),
};
const COMMON_SCOPES: Narrowing<RoleScopes> = {
  how: 'each role keeps what both list for it; a role that the organisation leaves out keeps nothing',
  meet: (machine, organisation) =>
    Object.fromEntries(
      Object.entries(machine).map(([role, scopes]) => [
        role,
        Object.hasOwn(organisation, role) ? scopes.filter((scope) => organisation[role]?.includes(scope)) : [],
      ]),
    ),
};

const text = (value: string | boolean | null) => (value === null ? 'none' : String(value));
const yesNo = (value: boolean) => String(value);
const list = (words: readonly string[]) => (words.length === 0 ? 'none' : words.join(', '));
const keys = (value: readonly SshPublicKey[]) => list(value.map((key) => key.fingerprint));

/** A key without a rule does not compile. */
export const SETTINGS: { readonly [K in SettingKey]: SettingRule<Settings[K]> } = {
  'machine.name': {
    builtIn: () => sanitiseLine(hostname(), NAME_MAX).trim() || 'this computer',
    narrowing: null,
    show: text,
  },
  'machine.hipaa': { builtIn: () => true, narrowing: IF_EITHER, show: yesNo },
  listen: {
    builtIn: () => [{ host: '127.0.0.1', port: 2200 }],
    narrowing: null,
    show: (value) => list(value.map(formatListenAddress)),
  },
  technicians: {
    builtIn: () => [],
    narrowing: null,
    show: (value) => list(value.map(({ name, role }) => `${name} (${role})`)),
  },
  'organisation.name': { builtIn: () => null, narrowing: null, show: text },
  'organisation.ca': { builtIn: () => [], narrowing: null, show: keys },
  'organisation.revocations': { builtIn: () => [], narrowing: null, show: list },
  'organisation.policy': { builtIn: () => null, narrowing: null, show: text },
  'organisation.policySigner': { builtIn: () => [], narrowing: null, show: keys },
  scopes: {
    builtIn: () => {
      const usual: Scope[] = ['diagnostics', 'shell.suggest', 'shell'];
      return { technician: usual, lead: usual };
    },
    narrowing: COMMON_SCOPES,
    show: (value) =>
      Object.entries(value)
        .map(([role, scopes]) => `${role}: ${list(orderScopes(scopes))}`)
        .join('; ') || 'none',
  },
  'consent.timeout': { builtIn: () => 60_000, narrowing: SHORTER, show: formatDuration },
  'consent.maxSession': { builtIn: () => 2 * 3_600_000, narrowing: SHORTER, show: formatDuration },
  'consent.pauseWhenAway': { builtIn: () => 5 * 60_000, narrowing: SHORTER, show: formatDuration },
  'consent.allowPlainCode': { builtIn: () => false, narrowing: ONLY_IF_BOTH, show: yesNo },
  'shell.program': { builtIn: () => '/bin/bash', narrowing: null, show: text },
  'shell.sandbox': { builtIn: () => 'strict', narrowing: SANDBOX, show: text },
  'shell.network': { builtIn: () => true, narrowing: null, show: yesNo },
  'diagnostics.refuse': { builtIn: () => [], narrowing: ALL_REFUSED, show: list },
  'record.input': { builtIn: () => false, narrowing: null, show: yesNo },
  'record.maxSize': { builtIn: () => 4 * 1024 ** 3, narrowing: SMALLER, show: formatSize },
  'files.push': { builtIn: () => false, narrowing: null, show: yesNo },
  'files.pull': { builtIn: () => false, narrowing: null, show: yesNo },
  'screen.module': { builtIn: () => 'off', narrowing: null, show: text },
};

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS).filter(isSettingKey);
