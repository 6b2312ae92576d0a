// The real world behind the dashboard's ports: SSH for connecting, files for records.

import { ChaperoneError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import { parseOneTimeCode } from '../../protocol/one-time-code.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { ConnectForm, ConnectPort, DashboardPorts, TechnicianKey } from '../dashboard/ports.ts';
import { vouchForLeftCopies } from '../records/left-copies.ts';
import { MachineBook } from '../records/machines.ts';
import { recordsPort } from '../records/records-port.ts';
import { parseTarget } from './address.ts';
import { connectTo } from './connect-to.ts';
import { NoTechnicianKey } from './errors.ts';

/** What this version has screens for. */
const USABLE_SCOPES: readonly Scope[] = [
  'diagnostics',
  'shell.suggest',
  'shell.readonly',
  'shell',
  'shell.admin',
  'reboot',
];

export interface DashboardOptions {
  readonly identity: string | null;
  readonly certificate: string | null;
  /** What to ask for unless the technician chooses otherwise. */
  readonly scopes: readonly Scope[];
  /** This and the next are for the machine of `start` alone. */
  readonly fingerprint?: string | null;
  readonly acceptNew?: boolean;
  readonly start?: Partial<ConnectForm>;
  readonly startAtOnce?: boolean;
}

export function dashboardPorts(options: DashboardOptions): DashboardPorts {
  const home = technicianHome();
  // What cannot be told to the log now is tried again at the next start; a log that is broken stops the next request.
  vouchForLeftCopies(home).catch(() => undefined);
  return {
    connect: connectPort(options, home),
    records: recordsPort(home),
    ...(options.start === undefined ? {} : { start: options.start, startAtOnce: options.startAtOnce ?? false }),
  };
}

function connectPort(options: DashboardOptions, home: string): ConnectPort {
  const { identity, certificate, scopes: usual, fingerprint, acceptNew, start } = options;
  const machines = new MachineBook(home);
  return {
    key: () => firstKey(identity, certificate),
    scopes: USABLE_SCOPES,
    usual: usual.filter((scope) => USABLE_SCOPES.includes(scope)),
    checkAddress: (address) => complaint(() => checkTarget(address, machines)),
    checkCode: (code) => complaint(() => parseOneTimeCode(code)),
    connect: ({ address, code, reason, ticket, scopes }, people) => {
      const vouched = address === start?.address;
      return connectTo({
        target: address,
        code,
        request: { reason, ticket, scopes },
        identity,
        certificate,
        fingerprint: vouched ? (fingerprint ?? null) : null,
        askPassphrase: null, // the dashboard owns the terminal: locked keys go through the agent
        people: vouched && acceptNew === true ? { ...people, onHostKey: async () => true } : people,
      });
    },
  };
}

/** A number alone leads somewhere only once its machine was met: better said in the form than after it. */
function checkTarget(text: string, machines: MachineBook): void {
  const { address, connectionId } = parseTarget(text);
  if (address === null && connectionId !== null && (machines.byId(connectionId)?.addresses.length ?? 0) === 0) {
    throw new ChaperoneError('not met yet: the first time type its address (host:port)');
  }
}

async function firstKey(identity: string | null, named: string | null): Promise<TechnicianKey> {
  const { technicianKeys } = await import('./technician-keys.ts');
  const keys = technicianKeys({ identity, certificate: named, askPassphrase: null, look: true });
  for await (const { name, fingerprint, certificate } of keys) {
    return { name: certificate === null ? name : sanitiseLine(certificate.keyId, 80), fingerprint };
  }
  throw new NoTechnicianKey('you have no SSH key to prove who you are', 'make one and see it: chaperone whoami');
}

function complaint(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    if (error instanceof ChaperoneError) {
      return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    }
    throw error;
  }
}
