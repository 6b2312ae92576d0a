// Everything that this machine offers to look at, in the order in which a technician sees it.

import type { DiagnosticDescriptor } from '../../protocol/diagnostics.ts';
import { UsageError } from '../../protocol/errors.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { busyPrograms } from './catalogue/busy-programs.ts';
import { disks } from './catalogue/disks.ts';
import { hardware } from './catalogue/hardware.ts';
import { loggedInUsers } from './catalogue/logged-in-users.ts';
import { memory } from './catalogue/memory.ts';
import { networkInterfaces } from './catalogue/network-interfaces.ts';
import { openPorts } from './catalogue/open-ports.ts';
import { pendingUpdates } from './catalogue/pending-updates.ts';
import { printers } from './catalogue/printers.ts';
import { reachHost } from './catalogue/reach-host.ts';
import { services } from './catalogue/services.ts';
import { systemLog } from './catalogue/system-log.ts';
import { systemOverview } from './catalogue/system-overview.ts';
import { timeSync } from './catalogue/time-sync.ts';
import { usbDevices } from './catalogue/usb-devices.ts';
import { vitals } from './catalogue/vitals.ts';
import type { Diagnostic } from './diagnostic.ts';

/** The id names nothing in the catalogue. */
export class UnknownDiagnostic extends UsageError {}

export const CATALOGUE: readonly Diagnostic[] = [
  systemOverview,
  vitals,
  memory,
  disks,
  busyPrograms,
  networkInterfaces,
  reachHost,
  openPorts,
  services,
  systemLog,
  printers,
  usbDevices,
  pendingUpdates,
  loggedInUsers,
  timeSync,
  hardware,
];

/** What `diagnostics.list` answers. */
export function listDiagnostics(platform: string = process.platform): DiagnosticDescriptor[] {
  return CATALOGUE.map((entry) => entry.descriptor).filter((descriptor) =>
    descriptor.platforms.some((supported) => supported === platform),
  );
}

/** @throws UnknownDiagnostic with a suggestion. */
export function findDiagnostic(id: string): Diagnostic {
  const found = CATALOGUE.find((entry) => entry.descriptor.id === id);
  if (found !== undefined) return found;
  const known = CATALOGUE.map((entry) => entry.descriptor.id);
  const suggestion = nearest(id, known);
  throw new UnknownDiagnostic(
    `there is no diagnostic "${sanitiseLine(id, 60)}"`,
    suggestion === undefined ? `there are: ${known.join(', ')}` : `did you mean "${suggestion}"?`,
  );
}
