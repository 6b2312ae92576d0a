// Why each key of the policy is what it is: which layer set it, and what the others asked for.

import { type Layer, type Layers, type Settled, settle } from './effective.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey, type SettingRule, type Settings } from './settings.ts';

export interface Explained {
  readonly key: string;
  /** As a policy would write it. */
  readonly value: string;
  readonly layer: Layer;
  /** One sentence without a period. */
  readonly why: string;
  /** What each layer asks for; null where it says nothing. */
  readonly asked: {
    readonly 'built-in': string;
    readonly machine: string | null;
    readonly organisation: string | null;
  };
}

/** Every key, in the order of the file. */
export function explainPolicy(layers: Layers): Explained[] {
  const settled = settle(layers);
  return SETTING_KEYS.map((key) => explainOne(key, settled[key]));
}

function explainOne<K extends SettingKey>(key: K, found: Settled<Settings[K]>): Explained {
  const rule: SettingRule<Settings[K]> = SETTINGS[key];
  const show = (value: Settings[K] | undefined): string | null => (value === undefined ? null : rule.show(value));
  return {
    key,
    value: rule.show(found.value),
    layer: found.layer,
    why: reasonsFor(rule, found).join('; '),
    asked: {
      'built-in': rule.show(found.builtIn),
      machine: show(found.machine),
      organisation: show(found.organisation),
    },
  };
}

function reasonsFor<V>(rule: SettingRule<V>, found: Settled<V>): string[] {
  const { layer, builtIn, machine, organisation, overruled } = found;
  const reasons: string[] = [];
  if (layer === 'built-in') reasons.push('no file says anything else');
  if (layer === 'machine') reasons.push("this computer's own policy says so");
  if (layer === 'organisation') {
    const allowed = machine === undefined ? 'what is built in' : "this computer's policy";
    reasons.push(`the organisation narrows ${allowed}, ${rule.show(machine ?? builtIn)} (${rule.narrowing?.how})`);
  }
  if (overruled && organisation !== undefined) {
    const why =
      rule.narrowing === null ? 'this computer alone says this' : 'it cannot allow more than this computer does';
    reasons.push(
      `the organisation asks for ${rule.show(organisation)}, which has no effect as far as it differs: ${why}`,
    );
  }
  return reasons;
}
