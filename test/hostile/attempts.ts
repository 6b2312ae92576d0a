// All that a technician's program could ask for and must not get, as data.

import { flag, type HostilePeer, MESSAGE, text, u32 } from './hostile-peer.ts';

export interface Attempt {
  readonly kind: 'channel' | 'channel request' | 'global request';
  readonly name: string;
  readonly data: Buffer;
  /** How the log calls it while a session is open, where that is not `kind name`. */
  readonly calledInSession?: string;
}

const nothing = Buffer.alloc(0);
const host = Buffer.concat([text('127.0.0.1'), u32(22)]);
const hostAndOrigin = Buffer.concat([host, text('10.0.0.1'), u32(1234)]);
const socket = text('/run/chaperone-test.sock');

const channel = (name: string, data: Buffer = nothing): Attempt => ({ kind: 'channel', name, data });
const global = (name: string, data: Buffer = nothing): Attempt => ({ kind: 'global request', name, data });
const request = (name: string, data: Buffer = nothing): Attempt => ({ kind: 'channel request', name, data });
const subsystem = (name: string): Attempt => ({
  ...request('subsystem', text(name)),
  calledInSession: `subsystem ${name}`,
});
const variable = (name: string, value: string): Attempt => ({
  ...request('env', Buffer.concat([text(name), text(value)])),
  calledInSession: `environment ${name}`,
});

/** Refused at every time. */
export const ATTEMPTS: readonly Attempt[] = [
  channel('direct-tcpip', hostAndOrigin),
  channel('forwarded-tcpip', hostAndOrigin),
  channel('direct-streamlocal@openssh.com', Buffer.concat([socket, text(''), u32(0)])),
  channel('forwarded-streamlocal@openssh.com', Buffer.concat([socket, text('')])),
  channel('x11', Buffer.concat([text('127.0.0.1'), u32(6000)])),
  channel('auth-agent@openssh.com'),
  channel('tun@openssh.com', Buffer.concat([u32(1), u32(0)])),
  channel('made-up@nowhere.example', text('x')),
  global('tcpip-forward', host),
  global('cancel-tcpip-forward', host),
  global('streamlocal-forward@openssh.com', socket),
  global('cancel-streamlocal-forward@openssh.com', socket),
  global('hostkeys-prove-00@openssh.com', text('x')),
  global('made-up@nowhere.example'),
  request('exec', text('touch /tmp/never')),
  subsystem('sftp'),
  subsystem('chaperone-screen'),
  subsystem('../chaperone'),
  subsystem('CHAPERONE'),
  request('x11-req', Buffer.concat([flag(false), text('MIT-MAGIC-COOKIE-1'), text('00'), u32(0)])),
  request('auth-agent-req@openssh.com'),
  variable('LD_PRELOAD', '/tmp/evil.so'),
  variable('PATH', '/tmp/evil'),
  variable('BASH_ENV', '/tmp/evil.sh'),
  variable('ENV', '/tmp/evil.sh'),
  variable('PROMPT_COMMAND', 'touch /tmp/never'),
  variable('HOME', '/tmp'),
  variable('SSH_AUTH_SOCK', '/tmp/agent'),
  variable('LC', 'x'),
  variable('lc_all', 'x'),
  variable('LANGUAGE', 'x'),
  request('break', u32(500)),
  request('xon-xoff', flag(true)),
  request('exit-status', u32(0)),
  request('exit-signal', Buffer.concat([text('KILL'), flag(false), text(''), text('')])),
  request('keepalive@openssh.com'),
  request('made-up@nowhere.example', text('x')),
];

/** What a session may use, and nobody before or after one. */
export const ONLY_IN_A_SESSION: readonly Attempt[] = [
  channel('session'),
  request('pty-req', Buffer.concat([text('xterm'), u32(80), u32(24), u32(0), u32(0), text(Buffer.from([0]))])),
  request('shell'),
  subsystem('chaperone'),
  request('signal', text('KILL')),
  request('window-change', Buffer.concat([u32(1), u32(1), u32(0), u32(0)])),
  variable('LANG', 'C'),
];

/** Sends it to `remote` (a channel that may not exist) and does not wait for an answer. */
export function attempt(peer: HostilePeer, { kind, name, data }: Attempt, remote = 0): void {
  if (kind === 'channel') peer.askForChannel(name, { data });
  else if (kind === 'global request') peer.send(MESSAGE.globalRequest, text(name), flag(true), data);
  else peer.send(MESSAGE.channelRequest, u32(remote), text(name), flag(true), data);
}

/** How the log calls it before and after a session; with `open` while there is one. */
export function calledInLog({ kind, name, calledInSession }: Attempt, open = false): string {
  return open && calledInSession !== undefined ? calledInSession : `${kind} ${name}`;
}
