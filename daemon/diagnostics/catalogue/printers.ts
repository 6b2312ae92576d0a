// Printers and what waits in their queues, as CUPS tells it.

import { ProgramMissing } from '../../run/program-errors.ts';
import { count } from '../amounts.ts';
import { type Diagnostic, DiagnosticUnavailable } from '../diagnostic.ts';
import type { Probe } from '../probe.ts';

const MISSING = 'printers cannot be listed: CUPS (lpstat) is not installed';

export const printers: Diagnostic = {
  descriptor: {
    id: 'printers',
    title: 'Printers',
    purpose: 'Shows the printers of this computer, whether they are ready, and what waits to be printed.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 30_000,
    streams: false,
  },
  async run({ probe, emit }) {
    const scheduler = await lpstat(probe, '-r');
    if (!/is running/.test(scheduler)) {
      throw new DiagnosticUnavailable('printers cannot be listed: the print service (CUPS) is not running');
    }
    const found = parsePrinters(await lpstat(probe, '-p'));
    const standard = /destination: (\S+)/.exec(await lpstat(probe, '-d'))?.[1];
    const devices = parseDevices(await lpstat(probe, '-v'));
    await emit({
      kind: 'table',
      title: 'Printers',
      columns: [
        { key: 'printer', title: 'Printer' },
        { key: 'standard', title: 'Standard' },
        { key: 'state', title: 'State' },
        { key: 'reason', title: 'Reason' },
        { key: 'connection', title: 'Connection' },
      ],
      rows: found.map((printer) => [
        printer.name,
        printer.name === standard ? 'yes' : '',
        printer.state,
        printer.reason,
        devices.get(printer.name) ?? null,
      ]),
      attention: found.flatMap((printer, row) => (printer.state === 'stopped' ? [row] : [])),
    });
    const jobs = parseJobs(await lpstat(probe, '-o'));
    if (jobs.length > 0)
      await emit({
        kind: 'table',
        title: 'Waiting to be printed',
        columns: [
          { key: 'job', title: 'Job' },
          { key: 'user', title: 'From' },
          { key: 'size', title: 'Size', align: 'right', unit: 'bytes' },
          { key: 'since', title: 'Since' },
        ],
        rows: jobs,
      });
    if (found.length === 0) return 'no printer is set up';
    const stopped = found.filter((printer) => printer.state === 'stopped').map((printer) => printer.name);
    const queue = jobs.length === 0 ? 'nothing waits' : `${count(jobs.length, 'job')} waiting`;
    return `${count(found.length, 'printer')}, ${
      stopped.length === 0 ? 'none stopped' : `stopped: ${stopped.join(', ')}`
    }, ${queue}`;
  },
};

async function lpstat(probe: Probe, option: '-r' | '-p' | '-d' | '-v' | '-o'): Promise<string> {
  try {
    return (await probe.run(['lpstat', option])).out; // its exit code is 1 when there is nothing to list
  } catch (error) {
    throw error instanceof ProgramMissing ? new DiagnosticUnavailable(MISSING, { cause: error }) : error;
  }
}

export interface Printer {
  readonly name: string;
  readonly state: 'ready' | 'printing' | 'stopped' | 'unknown';
  readonly reason: string;
}

/** `printer NAME is idle. …` or `printer NAME disabled since … -`, the reason indented below. */
export function parsePrinters(list: string): Printer[] {
  const found: Printer[] = [];
  for (const block of list.split(/^(?=printer )/m)) {
    const [head = '', ...more] = block.split('\n');
    const [, name, rest = ''] = /^printer (\S+) (.*)$/.exec(head) ?? [];
    if (name === undefined) continue;
    const state = /^disabled/.test(rest)
      ? 'stopped'
      : /^now printing/.test(rest)
        ? 'printing'
        : /^is idle/.test(rest)
          ? 'ready'
          : 'unknown';
    const reason = more.map((line) => line.trim()).filter((line) => line !== '' && line !== 'reason unknown');
    found.push({ name, state, reason: reason.join(' ') });
  }
  return found;
}

/** `device for NAME: URI`, without the password that a URI may carry. */
export function parseDevices(list: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, uri] of list.matchAll(/^device for (\S+): (.+)$/gm)) {
    if (name !== undefined && uri !== undefined) found.set(name, uri.replace(/\/\/[^/]*@/, '//'));
  }
  return found;
}

/** `NAME-12   user   2048   Sun 22 Nov 2026 …`; titles of documents are not in it, and must not be. */
export function parseJobs(list: string): [string, string, number, string][] {
  return [...list.matchAll(/^(\S+-\d+)\s+(.*?)\s+(\d+)\s{2,}(\S.*)$/gm)].map(
    ([, job = '', user = '', size = '', since = '']) => [job, user, Number(size), since],
  );
}
