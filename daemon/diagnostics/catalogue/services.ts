// Background services: which run, which failed. systemd first, then OpenRC, then plain start scripts.

import type { TableCell } from '../../../protocol/diagnostics.ts';
import { count } from '../amounts.ts';
import { type Diagnostic, type DiagnosticContext, DiagnosticUnavailable } from '../diagnostic.ts';
import { listProcesses } from '../linux/processes.ts';
import type { Probe } from '../probe.ts';

const SYSTEMD_MARK = '/run/systemd/system'; // sd_booted(3)
const OPENRC_MARK = '/run/openrc';
const NOT_SERVICES = /^(README|rc|rcS|functions|skeleton|.*\.dpkg-.*)$/;

export const services: Diagnostic = {
  descriptor: {
    id: 'services',
    title: 'Services',
    purpose: 'Shows the background services of this computer, such as printing or updates, and which of them failed.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 20_000,
    streams: false,
  },
  async run(context) {
    const { probe } = context;
    if ((await probe.modified(SYSTEMD_MARK)) !== undefined) return fromSystemd(context);
    if ((await probe.modified(OPENRC_MARK)) !== undefined) return fromOpenRc(context);
    return fromStartScripts(context);
  },
};

async function fromSystemd({ probe, emit }: DiagnosticContext): Promise<string> {
  const argv = [
    'systemctl',
    'list-units',
    '--type=service',
    '--all',
    '--plain',
    '--full',
    '--no-legend',
    '--no-pager',
  ] as const;
  const answer = await probe.run(argv);
  if (answer.code !== 0) throw new DiagnosticUnavailable(`services cannot be listed: ${firstLine(answer.err)}`);
  const units = parseUnits(answer.out);
  const failed = units.filter((unit) => unit.active === 'failed');
  const running = units.filter((unit) => unit.sub === 'running').length;
  await emit({
    kind: 'table',
    title: 'Services',
    columns: [
      { key: 'service', title: 'Service' },
      { key: 'state', title: 'State' },
      { key: 'detail', title: 'Detail' },
      { key: 'description', title: 'What it is' },
    ],
    rows: units.map((unit) => [unit.name, unit.active, unit.sub, unit.description]),
    attention: failed.map((unit) => units.indexOf(unit)),
  });
  if (failed.length === 0) return `${count(running, 'service')} running, none failed`;
  return `${failed.length} failed: ${failed.map((unit) => unit.name).join(', ')}; ${running} running`;
}

export interface Unit {
  readonly name: string;
  readonly active: string;
  readonly sub: string;
  readonly description: string;
}

/** Columns UNIT LOAD ACTIVE SUB DESCRIPTION; failed ones first, units that exist only as a wish of others left out. */
export function parseUnits(list: string): Unit[] {
  const order = ['failed', 'activating', 'deactivating', 'active'];
  const rank = (unit: Unit) => (order.indexOf(unit.active) + order.length + 1) % (order.length + 1);
  return [...list.matchAll(/^\s*(?:● )?(\S+)\.service\s+(\S+)\s+(\S+)\s+(\S+)[ \t]*(.*)$/gm)]
    .filter(([, , load]) => load !== 'not-found')
    .map(([, name = '', , active = '', sub = '', description = '']) => ({ name, active, sub, description }))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

async function fromOpenRc({ probe, emit }: DiagnosticContext): Promise<string> {
  const answer = await probe.run(['rc-status', '--all', '--nocolor']);
  const rows = [...answer.out.matchAll(/^ (\S+)\s+\[\s*(\w+).*\]/gm)].map(([, name = '', state = '']) => [name, state]);
  const crashed = rows.flatMap((row, index) => (row[1] === 'crashed' ? [index] : []));
  await emit({ kind: 'table', title: 'Services (OpenRC)', columns: NAME_AND_STATE, rows, attention: crashed });
  const started = rows.filter((row) => row[1] === 'started').length;
  return `${count(started, 'service')} running, ${crashed.length} crashed`;
}

/** Init scripts are not asked for their status: that would run each of them as whoever the daemon is. */
async function fromStartScripts({ probe, emit }: DiagnosticContext): Promise<string> {
  const scripts = (await probe.list('/etc/init.d')).filter((name) => !NOT_SERVICES.test(name) && !name.startsWith('.'));
  if (scripts.length === 0) {
    throw new DiagnosticUnavailable('services cannot be listed: this computer runs neither systemd nor start scripts');
  }
  const atBoot = await startedAtBoot(probe);
  const programs = new Set((await listProcesses(probe)).map((process) => process.name));
  const rows = await Promise.all(
    scripts.map(async (name): Promise<TableCell[]> => {
      const base = name.replace(/\.sh$/, '');
      const seen = programs.has(base) || programs.has(`${base}d`) || (await pidFileAlive(probe, base));
      return [base, atBoot.has(name) ? 'yes' : 'no', seen ? 'running' : 'not seen running'];
    }),
  );
  await emit({
    kind: 'table',
    title: 'Start scripts (this computer does not run systemd)',
    columns: [
      { key: 'service', title: 'Service' },
      { key: 'atBoot', title: 'Starts with the computer' },
      { key: 'state', title: 'State' },
    ],
    rows,
  });
  const running = rows.filter((row) => row[2] === 'running').length;
  return `this computer does not run systemd; of ${count(rows.length, 'start script')}, ${running} seem to be running`;
}

const NAME_AND_STATE = [
  { key: 'service', title: 'Service' },
  { key: 'state', title: 'State' },
];

async function startedAtBoot(probe: Probe): Promise<Set<string>> {
  const links = await Promise.all(['S', '2', '3', '5'].map((level) => probe.list(`/etc/rc${level}.d`)));
  return new Set(links.flat().flatMap((link) => /^S\d\d(.+)$/.exec(link)?.[1] ?? []));
}

async function pidFileAlive(probe: Probe, name: string): Promise<boolean> {
  for (const path of [`/run/${name}.pid`, `/run/${name}/pid`, `/run/${name}/${name}.pid`]) {
    const pid = /^\s*(\d+)/.exec((await probe.readText(path, 64)) ?? '')?.[1];
    if (pid !== undefined && (await probe.readText(`/proc/${pid}/stat`, 64)) !== undefined) return true;
  }
  return false;
}

const firstLine = (text: string): string =>
  text.split('\n').find((line) => line.trim() !== '') ?? 'no reason was given';
