// Printers as CUPS lists them; the texts are those of a real cupsd 2.4 where one could be had.

import { describe, expect, it } from 'vitest';
import { play, rowsOf } from '../testing/scripted-probe.ts';
import { parseDevices, parseJobs, parsePrinters, printers } from './printers.ts';

const ANSWERS: Readonly<Record<string, string>> = {
  '-r': 'scheduler is running\n',
  '-p': `printer front-desk is idle.  enabled since Sun 22 Nov 2026 11:03:02 AM UTC
printer labels disabled since Sun Nov 22 11:03:02 2026 -
	out of paper, call Bob
printer ward now printing ward-3.  enabled since Sun Nov 22 11:03:02 2026
	Rendering completed.
`,
  '-d': 'system default destination: front-desk\n',
  '-v': 'device for front-desk: ipps://user:secret@192.0.2.9:631/ipp/print\ndevice for labels: usb://Zebra/ZD420\n',
  '-o': 'labels-1                root              1024   Sun Nov 22 11:03:02 2026\n',
};
const cups = (change: Record<string, string> = {}) => ({
  program: ([, option = '']: readonly string[]) => ({ out: { ...ANSWERS, ...change }[option] ?? '' }),
});

describe('printers', () => {
  it('are ready, printing or stopped, with the reason', async () => {
    const played = await play(printers, cups());
    expect(rowsOf(played, 'Printers')).toEqual([
      ['front-desk', 'yes', 'ready', '', 'ipps://192.0.2.9:631/ipp/print'],
      ['labels', '', 'stopped', 'out of paper, call Bob', 'usb://Zebra/ZD420'],
      ['ward', '', 'printing', 'Rendering completed.', null],
    ]);
    expect(rowsOf(played, 'Waiting')).toEqual([['labels-1', 'root', 1024, 'Sun Nov 22 11:03:02 2026']]);
    expect(played.end.message).toBe('3 printers, stopped: labels, 1 job waiting');
  });

  it('never show the password of a connection', async () => {
    expect(parseDevices('device for a: smb://u:p@ss@host/x\n').get('a')).toBe('smb://host/x');
    expect((await play(printers, cups())).said).not.toContain('secret');
  });

  it('that attack the terminal lose the attack', async () => {
    const played = await play(printers, cups({ '-p': 'printer \u001b]0;x\u0007evil is idle.\n' }));
    expect(rowsOf(played, 'Printers')?.[0]?.[0]).toBe('evil');
  });

  it('need CUPS, and say what is missing', async () => {
    expect((await play(printers, {})).end).toMatchObject({
      outcome: 'failed',
      message: 'printers cannot be listed: CUPS (lpstat) is not installed',
    });
    expect((await play(printers, cups({ '-r': 'scheduler is not running\n' }))).end).toMatchObject({
      outcome: 'failed',
      message: 'printers cannot be listed: the print service (CUPS) is not running',
    });
    expect((await play(printers, cups({ '-p': '', '-o': '' }))).end.message).toBe('no printer is set up');
  });

  it('are read from what is there, and only that', () => {
    expect(parsePrinters('lpstat: No destinations added.\n')).toEqual([]);
    expect(parsePrinters('printer odd is asleep\n')).toMatchObject([{ state: 'unknown' }]);
    expect(parseJobs('no entries\n')).toEqual([]);
  });
});
