// What the machine needs around it: a way to hold programs together, a clock that is kept right, ports, a running daemon.

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { connectLocal } from '../local/client.ts';
import { DaemonNotRunning } from '../local/errors.ts';
import { localSocketPath } from '../local/socket-path.ts';
import { formatListenAddress, type ListenAddress } from '../policy/listen-address.ts';
import type { Policy } from '../policy/policy.ts';
import { detectContainment } from '../run/detect-containment.ts';
import { launcherLack } from '../run/launcher.ts';
import { broken, type Finding, ok, warn } from './finding.ts';

/** Programs that keep a clock right; names as in /proc, which cuts them to 15 bytes. */
const TIME_PROGRAMS = new Set(['systemd-timesyn', 'chronyd', 'ntpd', 'openntpd', 'ptp4l']);
const EARLIEST = Date.UTC(2026, 0, 1); // before this program was written

export async function examineSurroundings(home: string, policy: Policy | null): Promise<Finding[]> {
  const daemon = await examineDaemon();
  const ports = daemon.running || policy === null ? [] : await Promise.all(policy.listen.map(examinePort));
  return [examineLauncher(), await examineContainment(home, policy), examineClock(), daemon.finding, ...ports];
}

function examineLauncher(): Finding {
  const lack = launcherLack();
  return lack === null ? ok('bash', 'it is where programs are started from') : broken('bash', lack.words, lack.todo);
}

async function examineContainment(home: string, policy: Policy | null): Promise<Finding> {
  const { kind, description } = await detectContainment(process.env.PATH, [home]);
  return kind === 'namespace'
    ? ok('containment', description)
    : (policy?.machine.hipaa === true ? broken : warn)(
        'containment',
        description,
        'install bubblewrap (Debian: apt-get install bubblewrap)',
      );
}

function examineClock(): Finding {
  const now = new Date();
  if (now.getTime() < EARLIEST) {
    return broken(
      'clock',
      `it shows ${now.toISOString().slice(0, 16)}Z, which is long ago`,
      'set it: certificates and the record depend on it',
    );
  }
  const keeper = runningPrograms().find((name) => TIME_PROGRAMS.has(name));
  return keeper === undefined
    ? warn(
        'clock',
        `it shows ${now.toISOString().slice(0, 16)}Z, and no program keeps it right`,
        'install one, such as systemd-timesyncd or chrony',
      )
    : ok('clock', `it shows ${now.toISOString().slice(0, 16)}Z, kept right by ${keeper}`);
}

function runningPrograms(): string[] {
  try {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return processes.flatMap((id) => {
      try {
        return [readFileSync(`/proc/${id}/comm`, 'utf8').trim()];
      } catch {
        return []; // it has ended
      }
    });
  } catch {
    return []; // a system without /proc
  }
}

async function examineDaemon(): Promise<{ readonly running: boolean; readonly finding: Finding }> {
  try {
    using client = await connectLocal(localSocketPath());
    const { version, pid, listen, log, prompters } = await client.status();
    if (!log.healthy) {
      return {
        running: true,
        finding: broken(
          'daemon',
          'its record cannot be written: nobody is let in',
          'make room on the disk, then start it again',
        ),
      };
    }
    const words = `version ${version} runs as process ${pid}, reached at ${listen.join(', ')}`;
    const finding =
      prompters.length === 0
        ? warn('daemon', `${words}; nobody could be asked`, 'open a window for questions: chaperoned prompt')
        : ok('daemon', words);
    return { running: true, finding };
  } catch (error) {
    if (error instanceof DaemonNotRunning) {
      return { running: false, finding: warn('daemon', 'it is not running', 'start it: chaperoned start') };
    }
    throw error;
  }
}

/** Whether the daemon could listen there. */
function examinePort(address: ListenAddress): Promise<Finding> {
  const name = formatListenAddress(address);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message;
      resolve(
        broken(
          'port',
          `${name} cannot be listened on (${code})`,
          'choose another address under `listen` in the policy',
        ),
      );
    });
    server.listen({ host: address.host, port: address.port }, () => {
      server.close(() => resolve(ok('port', `${name} is free`)));
    });
  });
}
