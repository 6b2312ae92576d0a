// A logind on a bus of its own, whose console a test hands from one person to the next.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Message, type MessageBus, sessionBus, Variant } from 'dbus-next';

const NAME = 'org.freedesktop.login1';
const ROOT = '/org/freedesktop/login1';

export interface Login {
  readonly uid: number;
  readonly remote?: boolean;
}

export class FakeLogind implements AsyncDisposable {
  readonly address: string;
  readonly #home: string;
  readonly #daemon: ChildProcess;
  readonly #bus: MessageBus;
  #present: Login | null = null;

  private constructor(address: string, home: string, daemon: ChildProcess, bus: MessageBus) {
    this.address = address;
    this.#home = home;
    this.#daemon = daemon;
    this.#bus = bus;
    bus.addMethodHandler((message: Message) => this.#answer(message));
  }

  static async start(): Promise<FakeLogind> {
    const home = mkdtempSync(join(tmpdir(), 'chaperone-logind-'));
    chmodSync(home, 0o755); // as the system bus: every user may ask who sits where
    const config = join(home, 'bus.conf');
    writeFileSync(
      config,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path=${join(home, 'bus')}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`,
    );
    const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [printed] = (await once(daemon.stdout, 'data')) as [Buffer];
    const address = String(printed).trim();
    const bus = sessionBus({ busAddress: address });
    await once(bus, 'connect');
    const logind = new FakeLogind(address, home, daemon, bus);
    await bus.requestName(NAME, 0);
    return logind;
  }

  /** This person sits at the console from now on; null: nobody does. */
  seat(login: Login | null): void {
    this.#present = login;
    const changed = ['org.freedesktop.login1.Seat', {}, ['ActiveSession']];
    this.#bus.send(
      Message.newSignal(
        `${ROOT}/seat/seat0`,
        'org.freedesktop.DBus.Properties',
        'PropertiesChanged',
        'sa{sv}as',
        changed,
      ),
    );
  }

  #answer(message: Message): boolean {
    const reply = (signature: string, body: unknown[]) => {
      this.#bus.send(Message.newMethodReturn(message, signature, body));
      return true;
    };
    if (message.member === 'GetSeat') return reply('o', [`${ROOT}/seat/seat0`]);
    if (message.member === 'GetSessionByPID') return reply('o', [`${ROOT}/session/c1`]);
    if (message.member !== 'Get') return false;
    const value = this.#property(String(message.body[1]));
    return value === null ? false : reply('v', [value]);
  }

  #property(name: string): Variant | null {
    const login = this.#present;
    switch (name) {
      case 'ActiveSession':
        return new Variant('(so)', login === null ? ['', '/'] : ['c1', `${ROOT}/session/c1`]);
      case 'User':
        return new Variant('(uo)', [login?.uid ?? 0, `${ROOT}/user/_${login?.uid ?? 0}`]);
      case 'Remote':
        return new Variant('b', login?.remote ?? false);
      case 'Class':
        return new Variant('s', 'user');
      case 'Active':
        return new Variant('b', login !== null);
      default:
        return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bus.disconnect();
    this.#daemon.kill('SIGKILL');
    await once(this.#daemon, 'exit');
    rmSync(this.#home, { recursive: true, force: true });
  }
}
