// Who is logged in, and is the clock right.

import { describe, expect, it } from 'vitest';
import { factOf, play, rowsOf } from '../testing/scripted-probe.ts';
import { loggedInUsers, parseLogind, parseWho } from './logged-in-users.ts';
import { timeSync } from './time-sync.ts';

const process = (pid: number, name: string, uid: number, terminal = 0) => ({
  [`/proc/${pid}/stat`]: `${pid} (${name}) S 1 1 1 ${terminal} 1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 0 0`,
  [`/proc/${pid}/status`]: `Uid:\t${uid}\t${uid}\n`,
});
const passwd = { '/etc/passwd': 'root:x:0:0\nanna:x:1000:1000\nlp:x:7:7\n' };

describe('people logged in', () => {
  it('are listed with where, since when and from where', async () => {
    const out =
      'anna     tty2         2026-11-22 08:01 (:0)\nbob   +  pts/1        Nov 22 09:12 (192.0.2.4)\nanna ? seat0        2026-11-22 08:00\n';
    expect(parseWho(out).map((session) => Object.values(session))).toEqual([
      ['anna', 'tty2', '2026-11-22 08:01', ':0'],
      ['bob', 'pts/1', 'Nov 22 09:12', '192.0.2.4'],
      ['anna', 'seat0', '2026-11-22 08:00', null],
    ]);
    const played = await play(loggedInUsers, { files: passwd, program: () => ({ out }) });
    expect(played.end.message).toBe('2 people logged in, 3 sessions');
  });

  it('are asked of logind where nobody writes them down any more', async () => {
    const out = JSON.stringify([
      { session: '2', uid: 1000, user: 'anna', seat: 'seat0', tty: null, class: 'user' },
      { session: '3', uid: 1000, user: 'anna', seat: '', tty: 'pts/0' },
      { session: 'm', uid: 1000, user: 'anna', class: 'manager' },
    ]);
    expect(parseLogind(out)?.map((session) => session.where)).toEqual(['seat0', 'pts/0']);
    expect(parseLogind('No sessions.')).toBeUndefined();
    const program = (argv: readonly string[]) => (argv[0] === 'loginctl' ? { out } : { out: '' });
    const played = await play(loggedInUsers, { files: { ...passwd, '/run/systemd/system/x': '' }, program });
    expect(played.end.message).toBe('1 person logged in, 2 sessions');
  });

  it('are told from accounts that only have programs running', async () => {
    const files = {
      ...passwd,
      ...process(1, 'init', 0),
      ...process(2, 'cupsd', 7),
      ...process(3, 'bash', 1000, 34816),
    };
    const played = await play(loggedInUsers, { files });
    expect(rowsOf(played, 'Accounts')).toEqual([
      ['root', 'administrator', 1, 0],
      ['lp', 'service', 1, 0],
      ['anna', 'person', 1, 1],
    ]);
    expect(played.end.message).toBe('the system has no one listed as logged in; 3 accounts with programs running');
  });
});

describe('the clock', () => {
  const clock = (answers: Record<string, string>, files: Record<string, string> = {}) =>
    play(timeSync, {
      files,
      program: ([name = '']) => (answers[name] === undefined ? undefined : { out: answers[name] }),
    });

  it('is kept right, or is not, as systemd or chrony say', async () => {
    const chronyd = process(9, 'chronyd', 0);
    expect((await clock({ timedatectl: 'NTP=yes\nNTPSynchronized=yes\n' })).end.message).toBe(
      'the clock is kept right by a time service',
    );
    const off = await clock({ timedatectl: 'NTPSynchronized=no\n' });
    expect(off.end.message).toBe('the clock is not in step with a time server');
    expect(factOf(off, 'In step')).toMatchObject({ value: 'no', attention: true });
    const chrony = await clock({ chronyc: 'Leap status     : Normal\n' }, chronyd);
    expect(factOf(chrony, 'In step')).toMatchObject({ value: 'yes' });
    expect(factOf(chrony, 'Time service')).toMatchObject({ value: 'chronyd' });
    expect(factOf(await clock({ chronyc: 'Leap status     : Not synchronised\n' }, chronyd), 'In step')).toMatchObject({
      value: 'no',
    });
  });

  it('may drift when nobody looks after it', async () => {
    const played = await clock({});
    expect(played.end.message).toBe('no time service is running, so the clock may drift');
    expect(factOf(played, 'Time service')).toMatchObject({ attention: true });
  });

  it('is compared with the one on the battery', async () => {
    const now = Math.floor(Date.now() / 1000);
    const rtc = (seconds: number) => clock({}, { '/sys/class/rtc/rtc0/since_epoch': `${seconds}\n` });
    expect(factOf(await rtc(now), 'Battery clock')?.attention).toBeUndefined();
    expect(factOf(await rtc(now - 1800 * 7), 'Battery clock')).toMatchObject({ attention: true });
    expect(factOf(await clock({}), 'Battery clock')).toBeUndefined();
  });

  it('is not asked of a server with a hostile name', async () => {
    await expect(play(timeSync, {}, { server: '-x' })).rejects.toThrow('"server"');
  });
});
