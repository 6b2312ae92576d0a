// `chaperone`, and `chaperone connect` at a terminal: the dashboard.

import { Scope } from '../../protocol/scopes.ts';
import { type DashboardOptions, dashboardPorts } from '../connection/dashboard-ports.ts';
import { loadSettings } from '../settings/settings.ts';
import type { RequestOptions } from './request-options.ts';

/** Opens it with the list of machines. Resolves when the technician has left it. */
export async function dashboard(): Promise<void> {
  const { identity, certificate, scopes } = await loadSettings();
  await open({ identity, certificate, scopes });
}

/** Opens it with the request filled in; when nothing is missing, the request is made at once. */
export async function connectInDashboard(
  machine: string,
  scopes: readonly string[],
  { identity, certificate }: Pick<DashboardOptions, 'identity' | 'certificate'>,
  { reason = '', ticket = '', code = '', fingerprint, acceptNew = false }: RequestOptions,
): Promise<void> {
  const asked = Scope.array().parse(scopes);
  await open({
    identity,
    certificate,
    scopes: asked,
    fingerprint: fingerprint ?? null,
    acceptNew,
    start: { address: machine, reason, ticket, code, scopes: asked },
    startAtOnce: reason.trim() !== '' && ticket.trim() !== '',
  });
}

async function open(options: DashboardOptions): Promise<void> {
  const { openDashboard } = await import('../dashboard/open.tsx');
  await openDashboard(dashboardPorts(options));
}
