// Lets a component act on bindings of one place, or on any key.

import { useEffectEvent, useLayoutEffect } from 'react';
import { type BindingOf, bindingFor, type Place } from '../bindings.ts';
import type { Key } from '../terminal/keys.ts';
import { useDesk } from './desk.ts';
import type { Layer } from './key-bus.ts';

export interface UseKeysOptions {
  readonly layer: Layer;
  /** @default true */
  readonly active?: boolean;
  /** Nothing below hears of other keys. @default false */
  readonly modal?: boolean;
}

/** Calls the action of the binding that a key has in `place`. A binding without an action here is left to others. */
export function useBindings<P extends Place>(
  place: P,
  actions: { readonly [id in BindingOf<P>]?: (() => void) | undefined },
  options: UseKeysOptions,
): void {
  useAnyKey((key) => {
    const id = bindingFor(place, key.name) as BindingOf<P> | undefined;
    const action = id === undefined ? undefined : actions[id];
    action?.();
    return action !== undefined;
  }, options);
}

/** `handle` answers whether the key was meant for it. */
export function useAnyKey(
  handle: (key: Key) => boolean,
  { layer, active = true, modal = false }: UseKeysOptions,
): void {
  const { keys } = useDesk();
  const current = useEffectEvent(handle);
  // In the same turn as the commit: the next key may already wait.
  useLayoutEffect(() => {
    if (!active) return;
    const handler = keys.add({ layer, modal, handle: (key) => current(key) });
    return () => handler[Symbol.dispose]();
  }, [keys, layer, active, modal]);
}
