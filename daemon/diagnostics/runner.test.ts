// A run always ends, says how, and leaves nothing behind.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { ParameterError } from '../../protocol/diagnostics.ts';
import { type Diagnostic, type DiagnosticContext, DiagnosticUnavailable } from './diagnostic.ts';
import { type RunOptions, runDiagnostic } from './runner.ts';

const PATIENT = { timeout: 30_000 }; // ms; a busy machine

const here = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';

function diagnostic(run: Diagnostic['run'], more: Partial<Diagnostic['descriptor']> = {}): Diagnostic {
  const descriptor = {
    id: 'sample',
    title: 'Sample',
    purpose: 'For tests.',
    risk: 'none' as const,
    platforms: [here] as ('linux' | 'darwin' | 'win32')[],
    parameters: [],
    timeoutMs: 60_000,
    streams: false,
  };
  return { descriptor: { ...descriptor, ...more }, run };
}

function start(entry: Diagnostic, more: Partial<RunOptions> = {}, input = {}) {
  const abort = new AbortController();
  const outputs: DiagnosticOutput[] = [];
  const ended = runDiagnostic(entry, input, {
    signal: abort.signal,
    emit: (output) => {
      outputs.push(output);
    },
    ...more,
  });
  return { ended, outputs, abort };
}

const untilAborted = ({ signal }: DiagnosticContext) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

/** Pids of processes whose command line holds `mark`. */
function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('a run', () => {
  it('ends with the sentence of the diagnostic, and emits what it said', async () => {
    const run = start(
      diagnostic(async ({ emit, progress }) => {
        await progress('working', 0.5);
        await emit({ kind: 'text', title: 'T', text: 'x' });
        return 'all is well';
      }),
    );
    expect(await run.ended).toMatchObject({ outcome: 'done', message: 'all is well', truncated: false });
    expect(run.outputs.map((output) => output.kind)).toEqual(['progress', 'text']);
  });

  it('checks the parameters before anything runs', async () => {
    const spy = vi.fn(async () => 'ran');
    const entry = diagnostic(spy, {
      parameters: [{ kind: 'hostname', name: 'host', title: 'Host', required: true, hint: 'h' }],
    });
    await expect(start(entry, {}, { host: '-oProxyCommand=x' }).ended).rejects.toThrow(ParameterError);
    await expect(start(entry, {}, {}).ended).rejects.toThrow(ParameterError);
    expect(spy).not.toHaveBeenCalled();
  });

  it('is not available on another system', async () => {
    const spy = vi.fn(async () => 'ran');
    const end = await start(diagnostic(spy, { platforms: ['win32'] }), { platform: 'linux' }).ended;
    expect(end).toMatchObject({ outcome: 'failed', message: 'Sample: not available on this system' });
    expect(spy).not.toHaveBeenCalled();
  });

  it('tells what is missing', async () => {
    const missing = diagnostic(async ({ probe }) => (await probe.run(['no-such-program-here'])).out);
    expect(await start(missing).ended).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('no-such-program-here is not installed'),
    });
    const unavailable = diagnostic(async () => {
      throw new DiagnosticUnavailable('there is no such thing here');
    });
    expect(await start(unavailable).ended).toMatchObject({ outcome: 'failed', message: 'there is no such thing here' });
  });

  it('survives a fault of its own, without control characters in the message', async () => {
    const broken = diagnostic(async () => {
      throw new TypeError('bad \u001b[31mthing');
    });
    expect(await start(broken).ended).toMatchObject({ outcome: 'failed', message: 'it failed: bad thing' });
    const crooked = diagnostic(async ({ emit }) => {
      await emit({ kind: 'table', title: 'T', columns: [{ key: 'a', title: 'A' }], rows: [['x', 'y']] });
      return 'done';
    });
    const run = start(crooked);
    expect(await run.ended).toMatchObject({ outcome: 'failed', message: 'it failed: its result was not valid' });
    expect(run.outputs).toEqual([]);
  });
});

describe('stopping a run', () => {
  it('does nothing when it was stopped before it began', async () => {
    const spy = vi.fn(async () => 'ran');
    const end = await start(diagnostic(spy), { signal: AbortSignal.abort() }).ended;
    expect(end).toMatchObject({ outcome: 'cancelled', message: 'stopped on request' });
    expect(spy).not.toHaveBeenCalled();
  });

  it.runIf(here === 'linux')('kills the program that runs, and its children', async () => {
    const mark = `98765${process.pid}`;
    const run = start(
      diagnostic(async ({ probe }) => (await probe.run(['sh', '-c', `sleep ${mark} & sleep ${mark}; true`])).out),
    );
    await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThanOrEqual(3), { timeout: 20_000 });
    run.abort.abort();
    expect(await run.ended).toMatchObject({ outcome: 'cancelled' });
    expect(processesWith(mark)).toEqual([]);
  });

  it('happens by itself when the time is over', async () => {
    const slow = diagnostic(untilAborted);
    expect(await start(slow, { limits: { timeoutMs: 20 } }).ended).toMatchObject({
      outcome: 'timeout',
      message: 'stopped: it took longer than 20 ms',
    });
    const stream = diagnostic(untilAborted, { streams: true, timeoutMs: 20 });
    expect(await start(stream, { limits: { timeoutMs: 99_000 } }).ended).toMatchObject({
      outcome: 'timeout',
      message: 'stopped after 20 ms, the longest it may run',
    });
  });

  it('ends although the diagnostic does not listen, and lets it say no more', async () => {
    let late: Promise<void> | undefined;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const deaf = diagnostic(async ({ emit }) => {
      await gate;
      late = emit({ kind: 'text', title: 'T', text: 'too late' });
      await late;
      return 'never';
    });
    const run = start(deaf);
    run.abort.abort();
    expect(await run.ended).toMatchObject({ outcome: 'cancelled' });
    open();
    await vi.waitFor(() => expect(late).toBeDefined(), PATIENT);
    await expect(late).rejects.toThrow();
    expect(run.outputs).toEqual([]);
  });

  it('ends although the session does not take the output', async () => {
    const talking = diagnostic(async ({ progress }) => {
      await progress('hello');
      return 'never';
    });
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const run = start(talking, {
      emit: () => {
        take();
        return new Promise(() => undefined);
      },
    });
    await taken;
    run.abort.abort();
    expect(await run.ended).toMatchObject({ outcome: 'cancelled' });
  });

  it('happens when the session breaks: the diagnostic stops and the break is reported', async () => {
    let seen: AbortSignal | undefined;
    const talking = diagnostic(async (context) => {
      seen = context.signal;
      await context.progress('hello').catch(() => undefined); // even a diagnostic that shrugs
      return untilAborted(context);
    });
    const emit = () => Promise.reject(new DiagnosticUnavailable('the log is full'));
    await expect(start(talking, { emit }).ended).rejects.toThrow('the log is full');
    expect(seen?.aborted).toBe(true);
  });
});

describe('the limits of a run', () => {
  const chatty = diagnostic(async ({ emit }) => {
    for (let line = 0; line < 50; line += 1) await emit({ kind: 'text', title: 'T', text: 'x'.repeat(100) });
    return 'done';
  });

  it('bound how often it speaks', async () => {
    const run = start(chatty, { limits: { maxOutputs: 7 } });
    expect(await run.ended).toMatchObject({ outcome: 'done', truncated: true });
    expect(run.outputs.length).toBe(7);
  });

  it('bound how much it says', async () => {
    const run = start(chatty, { limits: { maxTotalBytes: 1000 } });
    expect(await run.ended).toMatchObject({ outcome: 'done', truncated: true });
    expect(JSON.stringify(run.outputs).length).toBeLessThan(1100);
  });

  it.runIf(here === 'linux')('bound what a program prints', async () => {
    const run = start(
      diagnostic(async ({ probe, emit }) => {
        const { out } = await probe.run(['yes'], { maxOutputBytes: 10_000 });
        await emit({ kind: 'facts', title: 'T', items: [{ label: 'bytes', value: String(out.length) }] });
        return 'done';
      }),
    );
    expect(await run.ended).toMatchObject({ outcome: 'done', truncated: true });
    expect(run.outputs).toMatchObject([{ items: [{ value: '10000' }] }]);
  });
});
