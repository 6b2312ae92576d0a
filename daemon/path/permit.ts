// Fourth layer: what SSH may do, from grant to end. The surface guard has already judged each request by the table;
// what comes through is served here.

import type { Session as SshSession } from 'ssh2';
import { CONTROL_SUBSYSTEM } from '../../protocol/control/messages.ts';
import { SHELLS_MAX } from '../../protocol/receipt.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { ControlChannel } from '../control/control-channel.ts';
import { serveExec } from '../guided/exec-proposal.ts';
import { Guided } from '../guided/guided.ts';
import type { Machine } from '../machine.ts';
import type { Session } from '../session/session.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import { openShell } from './record.ts';

const CHANNELS_MAX = 10; // at once; OpenSSH's own MaxSessions
const COLS = { least: 1, most: 500, usual: 80 };
const ROWS = { least: 1, most: 300, usual: 24 };
const LANGUAGES_MAX = 20; // variables; a locale has fourteen

/** What a client said about its terminal before it asked for a shell. */
export interface TerminalWish {
  readonly cols: number;
  readonly rows: number;
  readonly term: string;
  /** `LANG` and `LC_*` only; the guard lets nothing else through. */
  readonly language: Readonly<Record<string, string>>;
}

export interface Surface {
  /** Sends the last message of the session to whoever holds a control channel. */
  sendReceipt(note: string): void;
}

/** Opens the SSH surface for as long as `session` lives. */
export function permit(connection: TechnicianConnection, session: Session, machine: Machine): Surface {
  const controls = new Set<ControlChannel>();
  const guided = new Guided(session, machine);
  let channels = 0;
  connection.scopes = () => session.openScopes;

  connection.client.on('session', (accept, reject) => {
    if (channels >= CHANNELS_MAX) {
      session.refusals.record({ what: 'channel session', detail: 'too many at once' });
      reject();
      return;
    }
    channels += 1;
    const channel = accept();
    channel.on('close', () => {
      channels -= 1;
    });
    serve(channel);
  });

  const serve = (ssh: SshSession) => {
    let wish: TerminalWish | null = null;
    let language: Record<string, string> = {};
    let resize: (cols: number, rows: number) => void = (cols, rows) => {
      wish = wish === null ? null : { ...wish, cols, rows };
    };
    let signal: (name: string) => void = () => undefined;

    const refuse = (what: string, detail: string, reject: (() => void) | undefined) => {
      session.refusals.record({ what, detail });
      reject?.();
    };

    ssh.on('env', (accept, reject, info) => {
      if (info.key !== 'TERM' && !isLanguageVariable(info.key)) {
        refuse('environment', info.key.slice(0, 100), reject);
        return;
      }
      if (info.key !== 'TERM' && Object.keys(language).length < LANGUAGES_MAX) {
        language = { ...language, [info.key]: languageTag(info.val) };
      }
      accept?.();
    });
    ssh.on('pty', (accept, _reject, info) => {
      const term = Reflect.get(info, 'term');
      wish = {
        cols: within(info.cols, COLS),
        rows: within(info.rows, ROWS),
        term: typeof term === 'string' && /^[a-z0-9][a-z0-9+.-]{0,39}$/i.test(term) ? term : 'xterm-256color',
        language,
      };
      accept?.();
    });
    ssh.on('window-change', (accept, _reject, info) => {
      resize(within(info.cols, COLS), within(info.rows, ROWS));
      accept?.();
    });
    ssh.on('signal', (accept, _reject, info) => {
      signal(sanitiseLine(info.name, 20));
      accept?.();
    });
    ssh.on('shell', (accept, reject) => {
      const problem = whyNoShell(wish !== null, session);
      if (wish === null || problem !== null) {
        refuse('channel request shell', problem ?? '', reject);
        return;
      }
      const controls = openShell(accept(), { ...wish, language }, connection, session, machine);
      resize = controls.resize;
      signal = controls.signal;
    });
    ssh.on('exec', (accept, _reject, info) => {
      serveExec(accept(), info.command, guided, session, connection);
    });
    ssh.on('subsystem', (accept, reject, info) => {
      if (info.name !== CONTROL_SUBSYSTEM) {
        reject?.();
        return;
      }
      const control = new ControlChannel(accept(), connection, session, machine, guided);
      controls.add(control);
      control.closed.addEventListener('abort', () => controls.delete(control), { once: true });
    });
  };

  return {
    sendReceipt: (note) => {
      for (const control of controls) {
        control.sendReceipt(note);
      }
    },
  };
}

function whyNoShell(hasTerminal: boolean, session: Session): string | null {
  if (!hasTerminal) {
    return 'no terminal was asked for';
  }
  if (session.counters.shellsOpened >= SHELLS_MAX) {
    return 'too many shells';
  }
  return session.state === 'active' ? null : 'the session is paused';
}

function within(value: number, { least, most, usual }: { least: number; most: number; usual: number }): number {
  return Number.isInteger(value) && value > 0 ? Math.min(most, Math.max(least, value)) : usual;
}

/** What locale(7) reads; a name that holds `=` or controls would be another variable. */
function isLanguageVariable(name: string): boolean {
  return /^(LANG|LC_[A-Z]{1,20})$/.test(name);
}

/** A locale name such as `en_US.UTF-8`; anything else becomes `C.UTF-8`. */
function languageTag(value: string): string {
  return /^[A-Za-z0-9_.@-]{1,40}$/.test(value) ? value : 'C.UTF-8';
}
