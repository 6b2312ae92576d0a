// The health checks that machines offer, by name, so that a typing error is seen before a person is asked for a session
// and its code is used up. Without schemas: it is read before the first byte leaves.

import { UsageError } from './errors.ts';
import { nearest } from './nearest-word.ts';

interface DiagnosticName {
  readonly title: string;
  /** Parameters without which it does not run. */
  readonly needs?: readonly string[];
}

/** By id, in the order of the machine's catalogue. */
export const DIAGNOSTIC_NAMES: Readonly<Record<string, DiagnosticName>> = {
  'system-overview': { title: 'System overview' },
  vitals: { title: 'Live vitals' },
  memory: { title: 'Memory' },
  disks: { title: 'Disks' },
  'busy-programs': { title: 'Busiest programs' },
  'network-interfaces': { title: 'Network connections' },
  'reach-host': { title: 'Reach another computer', needs: ['host'] },
  'open-ports': { title: 'Open ports' },
  services: { title: 'Services' },
  'system-log': { title: 'Recent system log' },
  printers: { title: 'Printers' },
  'usb-devices': { title: 'USB devices' },
  'pending-updates': { title: 'Pending updates' },
  'logged-in-users': { title: 'People logged in' },
  'time-sync': { title: 'Clock' },
  hardware: { title: 'Hardware' },
};

/** The title of a check; the id itself where another version made it. */
export function diagnosticTitle(id: string): string {
  return nameOf(id)?.title ?? id;
}

/** Complains about a check that no machine has, and one that cannot run so. @throws UsageError */
export function checkDiagnostic(id: string, given: readonly string[]): void {
  const known = nameOf(id);
  if (known === undefined) {
    const ids = Object.keys(DIAGNOSTIC_NAMES);
    const word = nearest(id, ids);
    const hint = word === undefined ? `there are: ${ids.join(', ')}` : `did you mean "${word}"?`;
    throw new UsageError(`there is no check ${JSON.stringify(id)}`, hint);
  }
  const missing = known.needs?.find((name) => !given.includes(name));
  if (missing !== undefined) {
    throw new UsageError(`the check ${id} needs ${missing}`, `write it as ${missing}=…`);
  }
}

function nameOf(id: string): DiagnosticName | undefined {
  return Object.hasOwn(DIAGNOSTIC_NAMES, id) ? DIAGNOSTIC_NAMES[id] : undefined;
}
