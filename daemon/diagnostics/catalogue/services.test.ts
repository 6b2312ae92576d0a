// Services under each kind of init system that a desktop has, and under none.

import { describe, expect, it } from 'vitest';
import { play, rowsOf } from '../testing/scripted-probe.ts';
import { parseUnits, services } from './services.ts';

const LIST = `  ssh.service                loaded    active   running OpenBSD Secure Shell server
  cups.service               loaded    failed   failed  CUPS Scheduler
● broken.service             loaded    failed   failed  A service
  ghost.service              not-found inactive dead    ghost.service
  apt-daily.service          loaded    inactive dead    Daily apt download activities
  dev-sda.device             loaded    active   plugged Disk
`;

describe('services', () => {
  it('of systemd put the failed ones first', async () => {
    expect(parseUnits(LIST).map((unit) => `${unit.name} ${unit.active}`)).toEqual([
      'broken failed',
      'cups failed',
      'ssh active',
      'apt-daily inactive',
    ]);
    const files = { '/run/systemd/system/x': '' };
    const played = await play(services, { files, program: () => ({ out: LIST }) });
    expect(played.end.message).toBe('2 failed: broken, cups; 1 running');
    expect(played.outputs[0]).toMatchObject({ attention: [0, 1] });
    expect(played.ran[0]?.[0]).toBe('systemctl');
  });

  it('of systemd that does not answer say why', async () => {
    const files = { '/run/systemd/system/x': '' };
    const program = () => ({ code: 1, err: 'Failed to connect to bus\n' });
    expect((await play(services, { files, program })).end).toMatchObject({
      outcome: 'failed',
      message: 'services cannot be listed: Failed to connect to bus',
    });
  });

  it('of OpenRC are read from rc-status', async () => {
    const out =
      'Runlevel: default\n cupsd                                   [  started  ]\n sshd                                    [  crashed  ]\n';
    const played = await play(services, { files: { '/run/openrc/softlevel': '' }, program: () => ({ out }) });
    expect(played.end.message).toBe('1 service running, 1 crashed');
    expect(rowsOf(played, 'Services')).toEqual([
      ['cupsd', 'started'],
      ['sshd', 'crashed'],
    ]);
  });

  it('of start scripts are looked at, never run', async () => {
    const files = {
      '/etc/init.d/ssh': '#!/bin/sh\nreboot\n',
      '/etc/init.d/cups': '',
      '/etc/init.d/README': '',
      '/run/cups.pid': '77\n',
      '/proc/77/stat': '77 (other) S 1 1 1 0 1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 0 0',
    };
    const played = await play(services, {
      files,
      links: { '/etc/rc2.d/S01ssh': '../init.d/ssh' },
      program: () => ({}),
    });
    expect(rowsOf(played, 'Start scripts')).toEqual([
      ['cups', 'no', 'running'],
      ['ssh', 'yes', 'not seen running'],
    ]);
    expect(played.end.message).toBe('this computer does not run systemd; of 2 start scripts, 1 seem to be running');
    expect(played.ran).toEqual([]);
  });

  it('cannot be listed where there are none', async () => {
    expect((await play(services, {})).end).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('neither'),
    });
  });
});
