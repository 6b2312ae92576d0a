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

export interface Loaded<T> {
  /** Null until it is there. */
  readonly value: T | null;
  /** Whether `load` has answered once; a value may be null then too. */
  readonly loaded: boolean;
  /** What went wrong, in words, or empty. */
  readonly problem: string;
}

/** What `load` resolved to, loaded again on every change of `source`. */
export function useLoaded<T>(source: Source, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({ value: null, loaded: false, problem: '' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` is made anew on every render and means the same
  useEffect(() => {
    let current = true;
    const refresh = () => {
      load().then(
        (value) => current && setState({ value, loaded: true, problem: '' }),
        (error: unknown) => current && setState((before) => ({ ...before, loaded: true, problem: inWords(error) })),
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
