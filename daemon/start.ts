// Puts the daemon together, from keys to open port; disposing of it takes everything down again in reverse.

import { join } from 'node:path';
import type { Logger } from 'pino';
import { machineHome, privateDirectory } from '../protocol/home.ts';
import type { Certificate } from '../protocol/identity/certificate.ts';
import { VERSION } from '../protocol/version.ts';
import { BodyKeys } from './audit/body-keys.ts';
import { MachineLog } from './audit/machine-log.ts';
import { SessionTrail } from './audit/session-trail.ts';
import { ConsentDesk } from './consent/desk.ts';
import { offeredSockets } from './console/console-path.ts';
import { HelpWish } from './help/help-wish.ts';
import { hostCertificateFile, readHostCertificate } from './identity/host-certificate.ts';
import { type MachineKeys, machineKeys } from './identity/machine-keys.ts';
import { Revocations } from './identity/revocations.ts';
import { SequenceBook } from './identity/sequence-book.ts';
import { Indicator } from './indicator/indicator.ts';
import type { LocalControls } from './local/controls.ts';
import { LocalUser } from './local/local-user.ts';
import type { Machine } from './machine.ts';
import { Arrivals } from './pairing/arrivals.ts';
import { OneTimeCodes } from './pairing/codes.ts';
import { WaitingConnections } from './pairing/waiting-connections.ts';
import { WrongCodes } from './pairing/wrong-codes.ts';
import { walk } from './path/path.ts';
import { Refused } from './path/refused.ts';
import { defaultPolicyFile, loadPolicy } from './policy/load.ts';
import { recordPolicyIn } from './policy/record-policy.ts';
import { PolicyStore } from './policy/store.ts';
import { watchFiles } from './policy/watch-files.ts';
import { holdSessions } from './presence/hold-sessions.ts';
import { Presence } from './presence/presence.ts';
import { RebootLeases } from './reboot/leases.ts';
import { detectContainment } from './run/detect-containment.ts';
import { endLeftovers } from './run/leftovers.ts';
import { holdToPolicy } from './session/hold-to-policy.ts';
import { Sessions } from './session/sessions.ts';
import { DAEMON_STOPPED, INDICATOR_GONE } from './session/words.ts';
import type { TechnicianConnection } from './ssh/connection.ts';
import { ConversationBroken } from './ssh/conversation.ts';
import { RefusedConnections } from './ssh/refused-connections.ts';
import { serveSsh } from './ssh/server.ts';

export interface StartOptions {
  /** @default policy.yaml in the machine's state directory */
  readonly config?: string;
  readonly logger: Logger;
  /** Where the person's desktop is looked for. @default this process's own */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface RunningDaemon extends AsyncDisposable {
  readonly controls: LocalControls;
  /** `host:port` of each address that technicians reach. */
  readonly addresses: readonly string[];
  /** What the policy's reader should know, one line each. */
  readonly warnings: readonly string[];
  /** What is wrong with the lists of what was taken back; it is in the log already. */
  readonly problems: readonly string[];
  /** Reads the policy again now, without waiting for a change to be noticed. */
  readonly reloadPolicy: () => Promise<void>;
  /** Resolves when a session was settled; for `--once`. */
  readonly sessionSettled: Promise<void>;
}

/** Starts the daemon. @throws ChaperoneError with a hint when something that it needs is not there. */
export async function startDaemon(options: StartOptions): Promise<RunningDaemon> {
  const { logger } = options;
  const home = privateDirectory(machineHome());
  const file = options.config ?? defaultPolicyFile();
  const loaded = await loadPolicy(file, { home });
  await using building = new AsyncDisposableStack();

  const keys = machineKeys(home);
  const log = building.use(await MachineLog.open(home, keys.signer, keys.origin, new BodyKeys(home)));
  const leftoversEnded = await endLeftovers();
  if (leftoversEnded > 0) logger.warn({ leftoversEnded }, 'programs that a killed daemon left running were ended');
  const trail = new SessionTrail(log);
  const codes = building.use(
    new OneTimeCodes(({ expiresAt }, reason) => {
      void log
        .append('code.created', { reason, expiresAt: new Date(expiresAt).toISOString() })
        .catch((problem: unknown) => logger.error({ problem }, 'a new code could not be logged'));
    }),
  );
  const sessions = new Sessions();
  const presence = building.use(new Presence());
  const leases = new RebootLeases({ home, signer: keys.signer, log, logger });
  const policies = new PolicyStore(loaded, home, recordPolicyIn(log, logger));
  const revocations = building.use(
    await Revocations.open({
      organisation: () => policies.current.organisation,
      log,
      logger,
      sequences: new SequenceBook(join(home, 'revocations.json')),
    }),
  );
  building.use(policies.changed.on(() => void revocations.reload()));
  const machine: Machine = {
    get identity() {
      return { id: keys.connectionId, ...policies.current.machine };
    },
    get policy() {
      return policies.current;
    },
    policies,
    keys,
    log,
    trail,
    codes,
    arrivals: new Arrivals(),
    wrongCodes: new WrongCodes(),
    waiting: new WaitingConnections(),
    desk: new ConsentDesk(),
    indicator: new Indicator(),
    help: new HelpWish(home, log),
    sessions,
    presence,
    leases,
    refused: new RefusedConnections(log, logger),
    revocations,
    containment: await detectContainment(process.env.PATH, [home, ...offeredSockets(process.env)]),
    home,
    logger,
  };
  log.onFailure((problem) => {
    logger.fatal({ problem }, 'the audit log cannot be written');
    for (const session of sessions.live) {
      session.loseRecorder('the audit log cannot be written');
    }
  });

  machine.indicator.down.on((shown) => {
    for (const session of sessions.live) {
      // A window of its own that is closed was the person's word, whatever else shows the session.
      if (shown === session.id || (session.state !== 'granted' && !machine.indicator.up(session.id))) {
        session.end('machine', INDICATOR_GONE);
      }
    }
  });

  building.use(holdSessions(machine));
  await leases.begin();
  await presence.start({
    awayAfterMs: () => policies.current.consent.pauseWhenAwayMs,
    environment: options.environment ?? process.env,
  });
  const server = building.use(
    await serveSsh({
      hostKey: keys.hostKey,
      hostCertificate: ownCertificate(home, keys, logger),
      listen: loaded.policy.listen,
      onConnection: (connection) => void serve(connection, machine),
      onRefused: (address, reason) => machine.refused.record(address, reason),
    }),
  );
  await policies.begin();
  await log.append('daemon.started', {
    version: VERSION,
    pid: process.pid,
    listen: [...server.addresses],
    policy: loaded.sha256,
    leftoversEnded,
  });
  building.use(holdToPolicy(machine));
  building.use(watchFiles({ files: () => policies.loaded.reads, onChange: () => policies.reload() }));
  void policies.reload(); // what changed between the first reading and the watching
  // Before the port closes: sessions end, their processes die, and both people get their receipts.
  building.defer(async () => {
    for (const session of sessions.live) {
      session.end('machine', DAEMON_STOPPED);
    }
    await sessions.quiet();
    await log.append('daemon.stopped', { reason: 'it was asked to stop' }).catch(() => undefined);
  });
  const settled = Promise.withResolvers<void>();
  sessions.settled.on(() => settled.resolve());

  const running = building.move();
  return {
    controls: new LocalUser(machine, () => server.addresses),
    addresses: server.addresses,
    warnings: loaded.warnings,
    problems: revocations.problems,
    reloadPolicy: () => policies.reload(),
    sessionSettled: settled.promise,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** What is shown even when it ran out: technicians are told why, and by whom it has to be mended. */
function ownCertificate(home: string, { hostKeyFingerprint }: MachineKeys, logger: Logger): Certificate | null {
  const certificate = readHostCertificate(home);
  if (certificate !== null && certificate.key.fingerprint !== hostKeyFingerprint) {
    logger.warn({ file: hostCertificateFile(home) }, 'the host certificate is for another key, and is not shown');
    return null;
  }
  return certificate;
}

/** Walks the path with one connection and makes sure that nothing of it is left. */
async function serve(connection: TechnicianConnection, machine: Machine): Promise<void> {
  const { logger, refused } = machine;
  using _ = connection;
  try {
    await walk(connection, machine);
  } catch (error) {
    if (error instanceof Refused) {
      logger.info({ address: connection.address, reason: error.message }, 'no session');
      if (error.beforePrompt) {
        refused.record(connection.address, error.message);
      }
    } else if (error instanceof ConversationBroken) {
      logger.warn({ address: connection.address }, error.message);
      refused.record(connection.address, error.message);
    } else if (!connection.closed.aborted) {
      logger.error({ address: connection.address, problem: error }, 'a connection broke'); // promise 10: it is closed
    }
  }
}
