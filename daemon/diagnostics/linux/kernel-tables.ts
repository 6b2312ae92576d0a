// The small text formats in which Linux keeps its counters: /proc/meminfo, /proc/stat, /proc/loadavg, os-release.

const KIB = 1024;

/** Bytes, of the lines that `/proc/meminfo` has everywhere. */
export interface Memory {
  readonly total: number;
  /** What programs can still get without swapping; the kernel's own estimate. */
  readonly available: number;
  readonly free: number;
  /** Files kept in memory, given back when programs need it. */
  readonly cache: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

export function parseMemory(meminfo: string): Memory {
  const kib = new Map<string, number>();
  for (const [, key, value] of meminfo.matchAll(/^(\w+(?:\(\w+\))?):\s+(\d+)/gm)) {
    if (key !== undefined) kib.set(key, Number(value) * KIB);
  }
  const of = (key: string) => kib.get(key) ?? 0;
  return {
    total: of('MemTotal'),
    available: kib.get('MemAvailable') ?? of('MemFree') + of('Cached'),
    free: of('MemFree'),
    cache: of('Buffers') + of('Cached') + of('SReclaimable') - of('Shmem'),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
  };
}

/** Clock ticks since boot of one processor, or of all together. */
export interface CpuTicks {
  readonly busy: number;
  readonly total: number;
}

/** The sum first, then one entry per core; proc_stat(5). */
export function parseCpu(stat: string): { readonly all: CpuTicks; readonly cores: readonly CpuTicks[] } {
  const rows = [...stat.matchAll(/^cpu(\d*) +([\d ]+)$/gm)].map(([, core, numbers]) => ({
    core,
    ticks: ticksOf((numbers ?? '').split(' ').map(Number)),
  }));
  return {
    all: rows.find((row) => row.core === '')?.ticks ?? { busy: 0, total: 0 },
    cores: rows.filter((row) => row.core !== '').map((row) => row.ticks),
  };
}

/** Guest time is already part of user time; waiting for a disk is not being busy. */
function ticksOf([user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0]: number[]) {
  const busy = user + nice + system + irq + softIrq + steal;
  return { busy, total: busy + idle + ioWait };
}

/** 0…100 between two readings; counters that ran backwards (a core was unplugged) count as idle. */
export function cpuPercent(before: CpuTicks, after: CpuTicks): number {
  const total = after.total - before.total;
  if (total <= 0) return 0;
  return Math.min(100, Math.max(0, ((after.busy - before.busy) / total) * 100));
}

export function parseLoad(loadavg: string): [number, number, number] {
  const [one = 0, five = 0, fifteen = 0] = loadavg.split(' ').slice(0, 3).map(Number);
  return [one || 0, five || 0, fifteen || 0];
}

/** `KEY=value` lines with shell quotes, as in os-release(5); also what `timedatectl show` prints. */
export function parseAssignments(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/gm)) {
    if (key === undefined || value === undefined) continue;
    const quoted = /^(["'])(.*)\1$/.exec(value);
    found.set(key, quoted?.[2]?.replace(/\\(["$`\\])/g, '$1') ?? value);
  }
  return found;
}
