// The compliance suite: every entry of the catalogue, on the machine that runs the tests, with no network.

import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_NAMES } from '../../protocol/diagnostic-names.ts';
import { DiagnosticDescriptor, DiagnosticEnd, DiagnosticList, DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { CATALOGUE, findDiagnostic, listDiagnostics, UnknownDiagnostic } from './catalogue.ts';
import type { Diagnostic } from './diagnostic.ts';
import { machineProbe, type Probe } from './probe.ts';
import { runDiagnostic } from './runner.ts';

it('is what technicians know by name before they connect', () => {
  const own = CATALOGUE.map(({ descriptor: { id, title, parameters } }) => {
    const needs = parameters.filter(({ required }) => required).map(({ name }) => name);
    return [id, needs.length === 0 ? { title } : { title, needs }];
  });
  expect(Object.entries(DIAGNOSTIC_NAMES)).toEqual(own);
});

const INPUT: Readonly<Record<string, Record<string, string | number>>> = {
  'reach-host': { host: '127.0.0.1', packets: 1 },
  vitals: { seconds: 2 },
  'busy-programs': { count: 3 },
};
const inputFor = (entry: Diagnostic) => INPUT[entry.descriptor.id] ?? {};
const LONGEST_MS = 130_000; // the longest time limit of an entry that does not stream, and a little more

/** The real machine without its name servers, so that no packet leaves it. */
function offline(signal: AbortSignal): Probe {
  const real = machineProbe(signal, () => undefined);
  return {
    ...real,
    readText: (path, maxBytes) => (path === '/etc/resolv.conf' ? Promise.resolve('') : real.readText(path, maxBytes)),
  };
}

/** A machine on which every question hangs until the run is stopped. */
function hanging(signal: AbortSignal, asked: () => void): Probe {
  const hang = () => {
    asked();
    return new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  return {
    run: hang,
    readText: hang,
    readTail: hang,
    list: hang,
    link: hang,
    modified: hang,
    usage: hang,
    pause: hang,
  };
}

describe.each(CATALOGUE.map((entry) => [entry.descriptor.id, entry] as const))('%s', (_, entry) => {
  it('describes itself within the bounds, in a sentence for the local user', () => {
    expect(DiagnosticDescriptor.parse(entry.descriptor)).toEqual(entry.descriptor);
    expect(entry.descriptor.purpose).toMatch(/^[A-Z].*\.$/);
    expect(entry.descriptor.purpose).not.toMatch(/\b(CPU|DNS|TCP|UDP|SMART|inode|daemon|kernel|PID|systemd)\b/);
    for (const parameter of entry.descriptor.parameters) {
      if (parameter.default === undefined) continue;
      if (parameter.kind === 'choice') expect(parameter.choices).toContain(parameter.default);
      if (parameter.kind === 'integer') expect(parameter.default).toBeGreaterThanOrEqual(parameter.min);
    }
  });

  it.runIf(process.platform === 'linux')(
    'ends within its time, says only what the schemas allow, and gives a result or a clear answer',
    async () => {
      const outputs: unknown[] = [];
      const end = await runDiagnostic(entry, inputFor(entry), {
        signal: new AbortController().signal,
        emit: (output) => {
          outputs.push(output);
        },
        probe: offline,
      });
      expect(DiagnosticEnd.parse(end)).toEqual(end);
      expect(['done', 'failed']).toContain(end.outcome);
      expect(end.message).not.toMatch(/^it failed|undefined|NaN|\[object/);
      for (const output of outputs) expect(DiagnosticOutput.parse(output)).toEqual(output);
      const results = outputs
        .map((output) => DiagnosticOutput.parse(output))
        .filter((output) => output.kind !== 'progress');
      if (end.outcome === 'done') expect(results.length).toBeGreaterThan(0);
      else expect(end.message).toMatch(/cannot|could not|no |not /);
      expect(JSON.stringify(results)).not.toMatch(/undefined|NaN|\[object/);
    },
    LONGEST_MS,
  );

  it('stops at once when it is stopped', async () => {
    const abort = new AbortController();
    let saidAfter = 0;
    const ended = runDiagnostic(entry, inputFor(entry), {
      signal: abort.signal,
      emit: () => {
        if (abort.signal.aborted) saidAfter += 1;
      },
      probe: (signal) => hanging(signal, () => setImmediate(() => abort.abort())),
      platform: 'linux',
    });
    // Those that ask nothing before they look up a name are stopped here.
    setImmediate(() => abort.abort());
    expect(await ended).toMatchObject({ outcome: 'cancelled', message: 'stopped on request' });
    expect(saidAfter).toBe(0);
  });
});

describe('the catalogue', () => {
  it('offers at least ten diagnostics, each once, and lists those of the system', () => {
    const ids = CATALOGUE.map((entry) => entry.descriptor.id);
    expect(ids.length).toBeGreaterThanOrEqual(10);
    expect(new Set(ids).size).toBe(ids.length);
    expect(DiagnosticList.parse(listDiagnostics('linux')).map((entry) => entry.id)).toEqual(ids);
    expect(listDiagnostics('plan9')).toEqual([]);
  });

  it('suggests the one that was meant', () => {
    expect(findDiagnostic('memory').descriptor.id).toBe('memory');
    expect(() => findDiagnostic('memroy')).toThrow(UnknownDiagnostic);
    expect(() => findDiagnostic('memroy')).toThrow(expect.objectContaining({ hint: 'did you mean "memory"?' }));
    expect(() => findDiagnostic('\u001b]0;x\u0007__proto__')).toThrow('there is no diagnostic "__proto__"');
  });
});
