// `chaperone`, and `chaperone connect` at a terminal: the dashboard.

import { ChaperoneError, EXIT, type ExitCode } from '../../protocol/errors.ts';
import { Scope } from '../../protocol/scopes.ts';
import { type DashboardOptions, dashboardPorts } from '../connection/dashboard-ports.ts';
import type { ConnectPort } from '../dashboard/ports.ts';
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
  const last = await open({
    identity,
    certificate,
    scopes: asked,
    fingerprint: fingerprint ?? null,
    acceptNew,
    start: { address: machine, reason, ticket, code, scopes: asked },
    startAtOnce: reason.trim() !== '' && ticket.trim() !== '',
  });
  process.exitCode = last;
}

/** Resolves with how the last try to get a session went, as an exit code. */
async function open(options: DashboardOptions): Promise<ExitCode> {
  const { openDashboard } = await import('../dashboard/open.tsx');
  const ports = dashboardPorts(options);
  const { connect, last } = remembered(ports.connect);
  await openDashboard({ ...ports, connect });
  return last();
}

/** The same, and how its last try went: what a script reads when the dashboard was left. */
export function remembered(port: ConnectPort): { readonly connect: ConnectPort; readonly last: () => ExitCode } {
  let last: ExitCode = EXIT.ok;
  const connect: ConnectPort = {
    ...port,
    connect: async (form, people) => {
      last = EXIT.failure; // left before there was an answer
      try {
        const session = await port.connect(form, people);
        last = EXIT.ok;
        return session;
      } catch (problem) {
        if (problem instanceof ChaperoneError) last = problem.exitCode;
        throw problem;
      }
    },
  };
  return { connect, last: () => last };
}
