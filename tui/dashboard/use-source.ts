// Reads snapshots and promises of the outside world into components.

import { useEffect, useState, useSyncExternalStore } from 'react';
import { ChaperoneError } from '../../protocol/errors.ts';

export interface Source {
  onChange(listener: () => void): Disposable;
}

/** `read` must give the same object until something changed. */
export function useSource<T>(source: Source, read: () => T): T {
  return useSyncExternalStore((changed) => {
    const subscription = source.onChange(changed);
    return () => subscription[Symbol.dispose]();
  }, read);
}

/** What `load` resolved to, loaded again on every change of `source`; null until then. Failures are shown as words. */
export function useLoaded<T>(
  source: Source,
  load: () => Promise<T>,
): { readonly value: T | null; readonly problem: string } {
  const [state, setState] = useState<{ readonly value: T | null; readonly problem: string }>({
    value: null,
    problem: '',
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` is made anew on every render and means the same
  useEffect(() => {
    let current = true;
    const refresh = () => {
      load().then(
        (value) => current && setState({ value, problem: '' }),
        (error: unknown) => current && setState((before) => ({ ...before, problem: inWords(error) })),
      );
    };
    refresh();
    const subscription = source.onChange(refresh);
    return () => {
      current = false;
      subscription[Symbol.dispose]();
    };
  }, [source]);
  return state;
}

/** An error for a person: its sentence, and its hint. Our own words only: others may hold anything. */
export function inWords(error: unknown): string {
  if (!(error instanceof ChaperoneError)) return 'something went wrong that should not have';
  return error.hint === undefined ? error.message : `${error.message}: ${error.hint}`;
}
