// The effective policy: built-in values, what the machine's file decides, and how the organisation narrows it
// (promise 2). A pure function of the layers.

import { isDeepStrictEqual } from 'node:util';
import type { Policy } from './policy.ts';
import {
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type SettingRule,
  type Settings,
  type WrittenSettings,
} from './settings.ts';

export type Layer = 'built-in' | 'machine' | 'organisation';

/** What the organisation's signed file says, or why it cannot be had although the machine asks for one. */
export type OrganisationLayer =
  | { readonly kind: 'none' }
  | { readonly kind: 'present'; readonly settings: WrittenSettings }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface Layers {
  readonly machine: WrittenSettings;
  readonly organisation: OrganisationLayer;
}

/** One key: what holds, who made it so, and what the others asked for. */
export interface Settled<V> {
  readonly value: V;
  /** The layer that the value comes from. */
  readonly layer: Layer;
  readonly builtIn: V;
  readonly machine: V | undefined;
  readonly organisation: V | undefined;
  /** The organisation asked for something that is not what holds: it would widen, or it has no say. */
  readonly overruled: boolean;
}

export type SettledSettings = { readonly [K in SettingKey]: Settled<Settings[K]> };

/** Every key, with the layer that set it. */
export function settle({ machine, organisation }: Layers): SettledSettings {
  const asked: WrittenSettings = organisation.kind === 'present' ? organisation.settings : {};
  const settled = SETTING_KEYS.map((key) => [key, settleOne(key, machine, asked)]);
  return Object.fromEntries(settled) as SettledSettings;
}

function settleOne<K extends SettingKey>(
  key: K,
  machineSettings: WrittenSettings,
  organisationSettings: WrittenSettings,
): Settled<Settings[K]> {
  const rule: SettingRule<Settings[K]> = SETTINGS[key];
  const machine: Settings[K] | undefined = machineSettings[key];
  const organisation: Settings[K] | undefined = organisationSettings[key];
  const builtIn = rule.builtIn();
  const allowed = machine ?? builtIn;
  const layer: Layer = machine === undefined ? 'built-in' : 'machine';
  const asked = { builtIn, machine, organisation };
  if (organisation === undefined) return { ...asked, value: allowed, layer, overruled: false };
  const value = rule.narrowing === null ? allowed : rule.narrowing.meet(allowed, organisation);
  return {
    ...asked,
    value,
    layer: isDeepStrictEqual(value, allowed) ? layer : 'organisation',
    overruled: !isDeepStrictEqual(value, organisation),
  };
}

/** The policy that all layers together make. */
export function effectivePolicy(layers: Layers): Policy {
  const settled = settle(layers);
  const { organisation } = layers;
  return {
    closed: organisation.kind === 'unavailable' ? organisation.reason : null,
    machine: { name: settled['machine.name'].value, hipaa: settled['machine.hipaa'].value },
    listen: settled.listen.value,
    technicians: settled.technicians.value,
    organisation: {
      name: settled['organisation.name'].value,
      cas: settled['organisation.ca'].value,
      revocations: settled['organisation.revocations'].value,
    },
    scopes: settled.scopes.value,
    consent: {
      timeoutMs: settled['consent.timeout'].value,
      maxSessionMs: settled['consent.maxSession'].value,
      pauseWhenAwayMs: settled['consent.pauseWhenAway'].value,
      allowPlainCode: settled['consent.allowPlainCode'].value,
    },
    shell: { program: settled['shell.program'].value, sandbox: settled['shell.sandbox'].value },
    diagnostics: { refuse: settled['diagnostics.refuse'].value },
    record: { input: settled['record.input'].value, maxBytes: settled['record.maxSize'].value },
  };
}
