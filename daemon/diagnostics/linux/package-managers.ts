// How each package manager is asked what it would update, without the network and without changing anything.

import { DiagnosticUnavailable } from '../diagnostic.ts';
import type { Probe, ProgramAnswer } from '../probe.ts';

const TIMEOUT_MS = 60_000; // old laptops resolve dependencies for a while

export interface Update {
  readonly name: string;
  /** Null when it would be newly installed, or is not told. */
  readonly installed: string | null;
  readonly offered: string;
  /** False also where the manager does not say. */
  readonly security: boolean;
}

export interface PackageManager {
  readonly name: string;
  /** @throws ProgramMissing when it is not the one of this machine. */
  pending(probe: Probe): Promise<Update[]>;
  /** When its lists were last fetched, milliseconds since the epoch. */
  refreshed(probe: Probe): Promise<number | undefined>;
}

/** In the order in which they are tried. */
export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    name: 'apt',
    async pending(probe) {
      const argv = ['apt-get', '--simulate', '-o', 'Debug::NoLocking=true', 'dist-upgrade'] as const;
      return parseApt(must('apt', await probe.run(argv, { timeoutMs: TIMEOUT_MS }), [0]));
    },
    refreshed: (probe) =>
      newest(probe, [
        '/var/lib/apt/periodic/update-success-stamp',
        '/var/lib/apt/lists',
        '/var/lib/apt/lists/partial', // touched also when nothing is new
      ]),
  },
  {
    name: 'dnf',
    async pending(probe) {
      const argv = ['dnf', '--quiet', '--cacheonly', 'check-update'] as const;
      return parseDnf(must('dnf', await probe.run(argv, { timeoutMs: TIMEOUT_MS }), [0, 100])); // 100: there are some
    },
    refreshed: (probe) => newest(probe, ['/var/cache/libdnf5', '/var/cache/dnf']),
  },
  {
    name: 'zypper',
    async pending(probe) {
      const argv = ['zypper', '--non-interactive', '--no-refresh', '--quiet', 'list-updates'] as const;
      return parseZypper(must('zypper', await probe.run(argv, { timeoutMs: TIMEOUT_MS }), [0]));
    },
    refreshed: (probe) => newest(probe, ['/var/cache/zypp/solv']),
  },
  {
    name: 'pacman',
    async pending(probe) {
      return parsePacman(must('pacman', await probe.run(['pacman', '-Qu'], { timeoutMs: TIMEOUT_MS }), [0, 1])); // 1: none
    },
    refreshed: (probe) => newest(probe, ['/var/lib/pacman/sync']),
  },
];

function must(name: string, answer: ProgramAnswer, codes: readonly number[]): string {
  if (answer.code !== null && codes.includes(answer.code)) return answer.out;
  const why = answer.err.split('\n').find((line) => line.trim() !== '') ?? `it ended with code ${answer.code}`;
  throw new DiagnosticUnavailable(`updates cannot be listed: ${name} says "${why.trim()}"`);
}

async function newest(probe: Probe, paths: readonly string[]): Promise<number | undefined> {
  const times = await Promise.all(paths.map((path) => probe.modified(path)));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** `Inst NAME [old] (new ARCHIVE, … [arch])`; security archives have it in their name on Debian and Ubuntu. */
export function parseApt(simulation: string): Update[] {
  return [...simulation.matchAll(/^Inst (\S+) (?:\[([^\]]+)\] )?\((\S+) ([^)]*)\)/gm)].map(
    ([, name = '', installed, offered = '', archives = '']) => ({
      name,
      installed: installed ?? null,
      offered,
      security: /-security\b|Debian-Security/i.test(archives),
    }),
  );
}

/** `name.arch   version   repository`, until the list of obsoleting packages. */
export function parseDnf(list: string): Update[] {
  const [updates = ''] = list.split(/^Obsoleting packages/im);
  return [...updates.matchAll(/^(\S+)\.[\w]+\s+(\S+)\s+\S+\s*$/gm)].map(([, name = '', offered = '']) => ({
    name,
    installed: null,
    offered,
    security: false,
  }));
}

/** `v | repository | name | old | new | arch`. */
export function parseZypper(table: string): Update[] {
  return table.split('\n').flatMap((line) => {
    const [mark, , name, installed, offered] = line.split('|').map((part) => part.trim());
    if (mark !== 'v' || name === undefined || offered === undefined) return [];
    return [{ name, installed: installed ?? null, offered, security: false }];
  });
}

/** `name old -> new`. */
export function parsePacman(list: string): Update[] {
  return [...list.matchAll(/^(\S+) (\S+) -> (\S+)/gm)].map(([, name = '', installed = '', offered = '']) => ({
    name,
    installed,
    offered,
    security: false,
  }));
}
