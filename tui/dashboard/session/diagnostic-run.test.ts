import { describe, expect, it } from 'vitest';
import type { DiagnosticDescriptor, DiagnosticEnd } from '../../../protocol/diagnostics.ts';
import { ChaperoneError } from '../../../protocol/errors.ts';
import type { RunOptions } from '../ports.ts';
import { DiagnosticRun } from './diagnostic-run.ts';

const descriptor = { id: 'disks', title: 'Disks' } as DiagnosticDescriptor;

function start() {
  const end = Promise.withResolvers<DiagnosticEnd>();
  let options: RunOptions | null = null;
  const run = new DiagnosticRun(
    {
      runDiagnostic: (_id, _parameters, given) => {
        options = given;
        return end.promise;
      },
    },
    descriptor,
    {},
  );
  return { run, end, told: options as unknown as RunOptions };
}

describe('a run of a diagnostic', () => {
  it('keeps results apart from progress, and its end', async () => {
    const { run, end, told } = start();
    told.onOutput({ kind: 'progress', text: 'looking', fraction: 0.5 });
    told.onOutput({ kind: 'text', title: 'Log', text: 'x\n' });
    expect(run.state()).toMatchObject({
      progress: { words: 'looking', fraction: 0.5 },
      outputs: [{ kind: 'text' }],
      end: null,
    });
    end.resolve({ outcome: 'done', message: 'Fine.', truncated: false, durationMs: 1 });
    await end.promise;
    expect(run.state().end?.outcome).toBe('done');
  });

  it('is cancelled on the machine when it is disposed', () => {
    const { run, told } = start();
    run[Symbol.dispose]();
    expect(told.signal.aborted).toBe(true);
  });

  it('that was refused says so', async () => {
    const { run, end } = start();
    end.reject(new ChaperoneError('the session is paused'));
    await end.promise.catch(() => {});
    expect(run.state().end).toMatchObject({ outcome: 'failed', message: 'the session is paused' });
  });

  it('is bounded, whatever a machine sends', () => {
    const { run, told } = start();
    for (let sent = 0; sent < 1000; sent += 1) told.onOutput({ kind: 'text', title: 't', text: 'x' });
    expect(run.state().outputs.length).toBeLessThanOrEqual(200);
  });
});
