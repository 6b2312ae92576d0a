// The recent log, from wherever this machine keeps one; a log line is written by whoever likes to.

import { describe, expect, it } from 'vitest';
import { play, rowsOf } from '../testing/scripted-probe.ts';
import { parseEntry, systemLog } from './system-log.ts';

const entry = (message: unknown, priority = '6') =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: '1700000000000000',
    PRIORITY: priority,
    SYSLOG_IDENTIFIER: 'cupsd',
    MESSAGE: message,
  });

describe('the journal', () => {
  it('is shown as a table with errors pointed out', async () => {
    const out = [entry('printed a page'), entry('out of paper', '3'), entry('low ink', '4'), '{"torn'].join('\n');
    const played = await play(systemLog, { program: () => ({ out }) });
    expect(rowsOf(played, 'Journal')?.map((row) => row.slice(1))).toEqual([
      ['cupsd', 'note', 'printed a page'],
      ['cupsd', 'error', 'out of paper'],
      ['cupsd', 'warning', 'low ink'],
    ]);
    expect(played.end.message).toBe('3 messages, 1 error, most from cupsd (1)');
    expect(played.outputs[0]).toMatchObject({ attention: [1] });
  });

  it('is asked with arguments of fixed form', async () => {
    const ask = async (input: Record<string, unknown>) =>
      (await play(systemLog, { program: () => ({}) }, input)).ran[0]?.slice(-3);
    expect(await ask({})).toEqual(['--lines=100', '--priority=7', '--since=-24h']);
    expect(await ask({ lines: '5', since: 'boot', level: 'errors' })).toEqual(['--lines=5', '--priority=3', '--boot']);
    for (const since of ['-1h --flush', '$(reboot)', '--flush', '1h\n', 'toString', '__proto__']) {
      await expect(ask({ since })).rejects.toThrow('the parameter "since" cannot be');
    }
    await expect(ask({ lines: '1 --flush' })).rejects.toThrow('whole number');
    await expect(ask({ lines: '501' })).rejects.toThrow('from 1 to 500');
  });

  it('is read with messages that are bytes, empty, or missing', () => {
    expect(parseEntry(entry([104, 105]))?.text).toBe('hi');
    expect(parseEntry(entry(null))?.text).toBe('');
    expect(parseEntry(entry({ not: 'text' }))).toBeUndefined();
    expect(parseEntry(entry('x').replace('1700000000000000', 'soon'))).toBeUndefined();
    expect(parseEntry('-- No entries --')).toBeUndefined();
  });

  it('with a line that attacks the terminal loses the attack', async () => {
    const out = entry('\u001b]52;c;ZXZpbA==\u0007login\u001b[2J by\u202e bob');
    const played = await play(systemLog, { program: () => ({ out }) });
    expect(rowsOf(played, 'Journal')?.[0]?.[3]).toBe('login by bob');
  });
});

describe('without a journal', () => {
  it('the log file is shown, the latest lines', async () => {
    const files = { '/var/log/syslog': 'one\ntwo\n\nthree \u001b[31mred\n' };
    const played = await play(systemLog, { files }, { lines: 2 });
    expect(played.outputs[0]).toMatchObject({ kind: 'text', title: '/var/log/syslog', text: 'two\nthree red' });
    expect(played.end.message).toContain('the last 2 lines');
  });

  it('the kernel is asked, and if it refuses, that is the answer', async () => {
    const dmesg = (code: number) => (argv: readonly string[]) =>
      argv[0] === 'dmesg' ? { code, out: 'usb 1-1: new device\n' } : undefined;
    expect((await play(systemLog, { program: dmesg(0) })).outputs[0]).toMatchObject({ text: 'usb 1-1: new device' });
    expect((await play(systemLog, { program: dmesg(1) })).end).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('no system log can be read'),
    });
  });
});
