// Which updates wait to be installed, from what the package manager already knows: nothing is fetched or changed.

import type { TableCell } from '../../../protocol/diagnostics.ts';
import { ProgramMissing } from '../../run/program-errors.ts';
import { count, duration, moment } from '../amounts.ts';
import { type Diagnostic, type DiagnosticContext, DiagnosticUnavailable } from '../diagnostic.ts';
import { PACKAGE_MANAGERS, type Update } from '../linux/package-managers.ts';

const STALE_DAYS = 7; // a list that is older says little
const DAY_MS = 86_400_000;

export const pendingUpdates: Diagnostic = {
  descriptor: {
    id: 'pending-updates',
    title: 'Pending updates',
    purpose: 'Shows which updates of the system and its programs wait to be installed. Installs nothing.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 120_000,
    streams: false,
  },
  async run(context) {
    for (const manager of PACKAGE_MANAGERS) {
      try {
        await context.progress(`Asking ${manager.name}`);
        const updates = await manager.pending(context.probe);
        return await show(context, manager.name, updates, await manager.refreshed(context.probe));
      } catch (error) {
        if (!(error instanceof ProgramMissing)) throw error;
      }
    }
    throw new DiagnosticUnavailable(
      `updates cannot be listed: none of ${PACKAGE_MANAGERS.map((manager) => manager.name).join(', ')} is installed`,
    );
  },
};

async function show(
  { emit, probe }: DiagnosticContext,
  manager: string,
  updates: readonly Update[],
  refreshed: number | undefined,
): Promise<string> {
  const age = refreshed === undefined ? undefined : Math.max(0, Date.now() - refreshed);
  const stale = age === undefined || age > STALE_DAYS * DAY_MS;
  const restart = await probe.modified('/run/reboot-required');
  const security = updates.filter((update) => update.security).length;
  await emit({
    kind: 'facts',
    title: 'Updates',
    items: [
      { label: 'Package manager', value: manager },
      { label: 'Waiting', value: String(updates.length) },
      { label: 'Of these for security', value: String(security), ...(security > 0 ? { attention: true } : {}) },
      {
        label: 'Last checked',
        value:
          refreshed === undefined || age === undefined
            ? 'never, so the numbers above may be too low'
            : `${moment(refreshed)} (${duration(age / 1000)} ago)`,
        ...(stale ? { attention: true } : {}),
      },
      restart === undefined
        ? { label: 'Restart needed', value: 'no' }
        : { label: 'Restart needed', value: `yes, since ${moment(restart)}`, attention: true },
    ],
  });
  if (updates.length > 0) {
    await emit({
      kind: 'table',
      title: 'Waiting updates',
      columns: [
        { key: 'package', title: 'Package' },
        { key: 'installed', title: 'Installed' },
        { key: 'offered', title: 'Offered' },
        { key: 'security', title: 'For security' },
      ],
      rows: updates.map((update): TableCell[] => [
        update.name,
        update.installed,
        update.offered,
        update.security ? 'yes' : '',
      ]),
      attention: updates.flatMap((update, row) => (update.security ? [row] : [])).slice(0, 500),
    });
  }
  const unsure = stale ? '; the lists of updates are old, so there may be more' : '';
  if (updates.length === 0) return `no updates are waiting${unsure}`;
  return `${count(updates.length, 'update')} waiting, ${security} for security${unsure}`;
}
