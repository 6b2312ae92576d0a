// `chaperone`, and `chaperone connect` at a terminal: the dashboard.

import { ChaperoneError, EXIT, type ExitCode } from '../../protocol/errors.ts';
import { Scope } from '../../protocol/scopes.ts';
import { type DashboardOptions, dashboardPorts } from '../connection/dashboard-ports.ts';
import type { ConnectPort } from '../dashboard/ports.ts';
import { loadSettings } from '../settings/settings.ts';
import { say } from './output.ts';
import type { RequestOptions } from './request-options.ts';
import { type Ending, endingOf } from './session-ending.ts';

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
  process.exitCode = last.code;
  last.words.forEach(say);
}

/** How the last try to get a session went: as an exit code, and what is to be said of it where the dashboard stood. */
type Last = Pick<Ending, 'code' | 'words'>;

/** Resolves when the technician has left it. */
async function open(options: DashboardOptions): Promise<Last> {
  const { openDashboard } = await import('../dashboard/open.tsx');
  const ports = dashboardPorts(options);
  const { connect, last } = remembered(ports.connect);
  await openDashboard({ ...ports, connect });
  return last();
}

/** The same, and how its last try went: what a script reads when the dashboard was left. */
export function remembered(port: ConnectPort): { readonly connect: ConnectPort; readonly last: () => Last } {
  let last = (): Last => ({ code: EXIT.ok, words: [] });
  const connect: ConnectPort = {
    ...port,
    connect: async (form, people) => {
      const failed = (code: ExitCode) => () => ({ code, words: [] });
      last = failed(EXIT.failure); // left before there was an answer
      try {
        const session = await port.connect(form, people);
        last = () => endingOf(session.snapshot(), session.id);
        return session;
      } catch (problem) {
        if (problem instanceof ChaperoneError) last = failed(problem.exitCode);
        throw problem;
      }
    },
  };
  return { connect, last: () => last() };
}
