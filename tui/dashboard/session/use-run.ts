// The one diagnostic that is running or was run last.

import { useState, useSyncExternalStore } from 'react';
import type { DiagnosticDescriptor } from '../../../protocol/diagnostics.ts';
import type { SessionPort } from '../ports.ts';
import { DiagnosticRun, type RunState } from './diagnostic-run.ts';

export interface CurrentRun {
  readonly run: DiagnosticRun | null;
  readonly state: RunState | null;
  readonly start: (descriptor: DiagnosticDescriptor, parameters: Readonly<Record<string, string | number>>) => void;
  /** Cancels it if it still runs, and forgets it. */
  readonly drop: () => void;
}

export function useRun(session: SessionPort): CurrentRun {
  const [run, setRun] = useState<DiagnosticRun | null>(null);
  const state = useSyncExternalStore(
    (changed) => {
      const subscription = run?.onChange(changed);
      return () => subscription?.[Symbol.dispose]();
    },
    () => run?.state() ?? null,
  );
  return {
    run,
    state,
    start: (descriptor, parameters) => setRun(new DiagnosticRun(session, descriptor, parameters)),
    drop: () => setRun(null),
  };
}
