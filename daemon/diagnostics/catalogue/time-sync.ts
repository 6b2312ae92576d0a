// Is the clock right, and who keeps it right: a wrong one breaks logins, certificates and the evidence.

import { isIP } from 'node:net';
import { count, moment } from '../amounts.ts';
import { type Diagnostic, type DiagnosticContext, textOf } from '../diagnostic.ts';
import { parseAssignments } from '../linux/kernel-tables.ts';
import { listProcesses } from '../linux/processes.ts';
import { lookUpLikePrograms } from '../network/name-lookup.ts';
import { askTimeServer } from '../network/time-server.ts';
import type { Probe } from '../probe.ts';

const WRONG_MS = 2_000; // Kerberos allows five minutes, people notice one; evidence should not be off by seconds
const TIME_PROGRAMS = ['systemd-timesyn', 'chronyd', 'ntpd', 'openntpd', 'ptp4l']; // names are cut to 15 bytes

interface Fact {
  readonly label: string;
  readonly value: string;
  readonly attention?: boolean;
}

export const timeSync: Diagnostic = {
  descriptor: {
    id: 'time-sync',
    title: 'Clock',
    purpose: 'Checks whether the clock of this computer is right and is kept right by a time service.',
    risk: 'low',
    platforms: ['linux'],
    parameters: [
      {
        kind: 'hostname',
        name: 'server',
        title: 'Time server',
        required: false,
        hint: 'compare the clock with this time server, like time.clinic.example; without it nothing is sent',
      },
    ],
    timeoutMs: 30_000,
    streams: false,
  },
  async run(context) {
    const { probe, emit, parameters } = context;
    const service = await findService(probe);
    const compared = await compare(context, textOf(parameters, 'server'));
    await emit({
      kind: 'facts',
      title: 'Clock',
      items: [
        { label: 'Time', value: moment(Date.now()) },
        { label: 'Time zone', value: Intl.DateTimeFormat().resolvedOptions().timeZone },
        ...service.facts,
        ...(await hardwareClock(probe)),
        ...compared.facts,
      ],
    });
    return compared.sentence ?? service.sentence;
  },
};

interface Finding {
  readonly facts: readonly Fact[];
  readonly sentence: string;
}

async function findService(probe: Probe): Promise<Finding> {
  const running = (await listProcesses(probe))
    .map((process) => process.name)
    .filter((name) => TIME_PROGRAMS.includes(name));
  const service: Fact =
    running.length === 0
      ? { label: 'Time service', value: 'none is running', attention: true }
      : { label: 'Time service', value: [...new Set(running)].join(', ') };
  const state = await synchronised(probe);
  const said: Fact =
    state === undefined
      ? { label: 'In step', value: 'not told by this system' }
      : { label: 'In step', value: state ? 'yes' : 'no', ...(state ? {} : { attention: true }) };
  const sentence =
    state === true
      ? 'the clock is kept right by a time service'
      : state === false
        ? 'the clock is not in step with a time server'
        : running.length === 0
          ? 'no time service is running, so the clock may drift'
          : 'a time service is running; whether the clock is in step is not told';
  return { facts: [service, said], sentence };
}

/** Undefined when neither systemd nor chrony can say. */
async function synchronised(probe: Probe): Promise<boolean | undefined> {
  const systemd = await probe.run(['timedatectl', 'show']).catch(() => undefined);
  const said = parseAssignments(systemd?.code === 0 ? systemd.out : '').get('NTPSynchronized');
  if (said !== undefined) return said === 'yes';
  const chrony = await probe.run(['chronyc', '-n', 'tracking']).catch(() => undefined);
  const leap = chrony?.code === 0 ? /^Leap status\s*:\s*(.+)$/m.exec(chrony.out)?.[1] : undefined;
  return leap === undefined ? undefined : leap.trim() !== 'Not synchronised';
}

/** The battery clock runs in UTC or, beside Windows, in local time; more than that apart is a dying battery. */
async function hardwareClock(probe: Probe): Promise<Fact[]> {
  const seconds = Number((await probe.readText('/sys/class/rtc/rtc0/since_epoch', 64)) ?? Number.NaN);
  if (!Number.isFinite(seconds)) return [];
  const local = -new Date().getTimezoneOffset() * 60;
  const now = Date.now() / 1000;
  const apart = Math.min(Math.abs(seconds - now), Math.abs(seconds - now - local));
  const wrong = apart * 1000 > WRONG_MS + 1000; // it counts whole seconds
  return [{ label: 'Battery clock', value: `${Math.round(apart)} s apart`, ...(wrong ? { attention: true } : {}) }];
}

async function compare(
  { progress, signal }: DiagnosticContext,
  server: string | undefined,
): Promise<{ facts: readonly Fact[]; sentence?: string }> {
  if (server === undefined) return { facts: [] };
  await progress(`Asking ${server} for the time`);
  const address = isIP(server) === 0 ? (await lookUpLikePrograms(server, signal)).addresses[0] : server;
  signal.throwIfAborted();
  const label = `Against ${server}`.slice(0, 60);
  if (address === undefined) return { facts: [{ label, value: 'the name cannot be found', attention: true }] };
  const answer = await askTimeServer(address, signal);
  if (answer === undefined) return { facts: [{ label, value: 'no answer', attention: true }] };
  const off = Math.abs(answer.offset);
  const words = off < 1000 ? count(off, 'millisecond') : `${(off / 1000).toFixed(1)} seconds`;
  const way = answer.offset >= 0 ? 'behind' : 'ahead';
  const wrong = off > WRONG_MS;
  return {
    facts: [{ label, value: `${words} ${way}`, ...(wrong ? { attention: true } : {}) }],
    sentence: wrong ? `the clock is wrong: ${words} ${way}` : `the clock is right (${words} ${way} ${server})`,
  };
}
