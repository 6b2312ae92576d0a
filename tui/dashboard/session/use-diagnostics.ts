// The list of diagnostics that the machine offers, asked for once, when it is first needed.

import { useEffect, useState } from 'react';
import type { DiagnosticDescriptor } from '../../../protocol/diagnostics.ts';
import type { SessionPort } from '../ports.ts';
import { inWords } from '../use-source.ts';

export interface OfferedDiagnostics {
  readonly list: readonly DiagnosticDescriptor[];
  /** What to say while the list is empty. */
  readonly words: string;
}

const asked = new WeakMap<SessionPort, Promise<readonly DiagnosticDescriptor[]>>();

export function useDiagnostics(session: SessionPort, wanted: boolean): OfferedDiagnostics {
  const [offered, setOffered] = useState<OfferedDiagnostics>({ list: [], words: 'Reading the list…' });
  useEffect(() => {
    if (!wanted) return;
    let list = asked.get(session);
    if (list === undefined) {
      list = session.listDiagnostics();
      asked.set(session, list);
    }
    let current = true;
    list.then(
      (found) => current && setOffered({ list: found, words: 'This machine offers none.' }),
      (error: unknown) => {
        asked.delete(session); // so that another look tries again
        if (current) setOffered({ list: [], words: inWords(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [session, wanted]);
  return offered;
}
