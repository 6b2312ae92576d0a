// What set-up and check ask of package-lock.json: is it installed, is it complete for every platform?
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const LOCK = 'package-lock.json';
/** Written by npm as the last step of an installation: an interrupted one leaves none, or that of before. */
const INSTALLED = 'node_modules/.package-lock.json';

type Entry = Readonly<Record<string, unknown>>;
/** Entries of a lock by path, such as `node_modules/zod`. */
export type Packages = ReadonlyMap<string, Entry>;

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null;
}

function readLock(file: string): { lock: Entry; packages: Packages } {
  const lock: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(lock) || !isObject(lock.packages)) throw new Error(`${file} names no packages`);
  const entries = Object.entries(lock.packages);
  return { lock, packages: new Map(entries.filter((pair): pair is [string, Entry] => isObject(pair[1]))) };
}

/** True when node_modules holds what the lock names. Optional packages may be missing: they are for other platforms. */
export function isInstalled(wanted: Packages, present: Packages): boolean {
  const isSame = (path: string) => {
    const [a, b] = [wanted.get(path), present.get(path)];
    return a?.version === b?.version && a?.integrity === b?.integrity;
  };
  const isExpected = (path: string, entry: Entry) => path === '' || present.has(path) || entry.optional === true;
  return [...wanted].every((pair) => isExpected(...pair)) && [...present.keys()].every(isSame);
}

/** What the name of a platform's package says about where it may be installed, in npm's words. */
export function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = /(android|darwin|freebsd|linux|openharmony|win32|windows)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name);
  if (words === null) return {};
  const [, os = '', cpu = '', abi = ''] = words;
  const libc = os === 'linux' && abi !== '' ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {};
  return { os: [os === 'windows' ? 'win32' : os], cpu: [cpu], ...libc };
}

/**
 * Optional packages that others name and the lock leaves out. `npm ci` refuses such a lock, and `npm install` makes one
 * when a registry has only some of the platforms (compare npm issue 4828). Only exact versions can be filled in.
 */
export function missingEntries(packages: Packages): Packages {
  const missing = new Map<string, Entry>();
  for (const [path, entry] of packages) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (typeof version !== 'string' || !/^\d+\.\d+\.\d+/.test(version) || isFound(packages, path, name)) continue;
      const { cpu, libc, os } = platformOf(name);
      const dev = entry.dev === true ? { dev: true } : {};
      missing.set(`node_modules/${name}`, { version, cpu, ...dev, libc, optional: true, os });
    }
  }
  return missing;
}

/** Looks where Node would: below `from`, then below each folder that contains it. */
function isFound(packages: Packages, from: string, name: string): boolean {
  for (let place = from; ; place = place.slice(0, Math.max(place.lastIndexOf('/node_modules/'), 0))) {
    if (packages.has(`${place === '' ? '' : `${place}/`}node_modules/${name}`)) return true;
    if (place === '') return false;
  }
}

function complete(): void {
  const { lock, packages } = readLock(LOCK);
  const missing = missingEntries(packages);
  if (missing.size === 0) return;
  const sorted = [...packages, ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(LOCK, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`${LOCK}: added ${missing.size} packages of other platforms`);
}

function check(): boolean {
  const missing = missingEntries(readLock(LOCK).packages);
  if (missing.size === 0) return true;
  console.error(`${LOCK} leaves out packages of other platforms, so that npm ci fails:`);
  for (const path of missing.keys()) console.error(`  ${path.replace('node_modules/', '')}`);
  console.error('  run: node scripts/lockfile.ts complete');
  return false;
}

function installed(): boolean {
  try {
    return isInstalled(readLock(LOCK).packages, readLock(INSTALLED).packages);
  } catch {
    return false; // no or half a file: nothing that could be relied on
  }
}

function main(): void {
  const [task] = parseArgs({ allowPositionals: true }).positionals;
  if (task === 'complete') complete();
  else if (task === 'check') process.exitCode = check() ? 0 : 1;
  else if (task === 'installed') process.exitCode = installed() ? 0 : 1;
  else throw new Error('usage: node scripts/lockfile.ts check|complete|installed');
}

if (process.argv[1] === import.meta.filename) main();
