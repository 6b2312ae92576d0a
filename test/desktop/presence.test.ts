// Presence from the real mechanisms: the X server's own idle time under Xvfb, and signals over a real D-Bus. One suite
// for every adapter; then what it does to sessions.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import dbus from 'dbus-next';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PresenceAdapter, PresenceEvent } from '../../daemon/presence/adapter.ts';
import { logind } from '../../daemon/presence/logind.ts';
import { Presence } from '../../daemon/presence/presence.ts';
import { screensaver } from '../../daemon/presence/screensaver.ts';
import { x11Idle } from '../../daemon/presence/x11-idle.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

const PATIENT = { timeout: 30_000 }; // a slow, busy machine
const LOGIND_PATH = '/org/freedesktop/login1';
const OWN = `${LOGIND_PATH}/session/_31`;
const FOREIGN = `${LOGIND_PATH}/session/_39`;

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

/** A process that says one line when it is ready, and is ended with the test. */
async function started(argv: readonly [string, ...string[]], fd: 1 | 3): Promise<string> {
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  const output = child.stdio[fd];
  if (output === null || output === undefined || !('readable' in output)) throw new Error('it has no pipe');
  const exited = once(child, 'exit');
  stack.defer(async () => {
    child.kill();
    await exited;
  });
  const [line] = await once(createInterface({ input: output as NodeJS.ReadableStream }), 'line');
  return String(line);
}

/** A bus of our own, reachable for every user of this machine that the test runs as. */
async function bus(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'chaperone-bus-'));
  stack.defer(() => rmSync(directory, { recursive: true }));
  const config = join(directory, 'bus.conf');
  writeFileSync(
    config,
    `<busconfig><type>session</type><listen>unix:path=${directory}/socket</listen>
    <policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
  );
  return (
    (await started(['dbus-daemon', `--config-file=${config}`, '--nofork', '--print-address'], 1)).split(',')[0] ?? ''
  );
}

/** Whatever owns the name of the log-in service on the bus: one session of this user, one of somebody else. */
class LoginService extends dbus.interface.Interface {
  ListSessions() {
    const uid = process.getuid?.() ?? 0;
    return [
      ['1', uid, 'ana', 'seat0', OWN],
      ['9', uid + 1, 'other', '', FOREIGN],
    ];
  }
}
LoginService.configureMembers({ methods: { ListSessions: { inSignature: '', outSignature: 'a(susso)' } } });

async function speaker(
  address: string,
  name?: string,
): Promise<(path: string, member: string, on: string, signature?: string, body?: unknown[]) => void> {
  const connection = dbus.sessionBus({ busAddress: address });
  stack.defer(() => connection.disconnect());
  if (name !== undefined) {
    await connection.requestName(name, 0);
    connection.export(LOGIND_PATH, new LoginService(`${name}.Manager`));
  }
  return (path, member, on, signature = '', body = []) =>
    connection.send(dbus.Message.newSignal(path, on, member, signature, body));
}

const SESSION = 'org.freedesktop.login1.Session';
const MANAGER = 'org.freedesktop.login1.Manager';

interface Trial {
  readonly adapter: PresenceAdapter;
  /** Environment in which it works, and what makes each event happen for real. */
  readonly arrange: () => Promise<{
    environment: NodeJS.ProcessEnv;
    cause: Partial<Record<PresenceEvent, () => void>>;
  }>;
}

const TRIALS: readonly Trial[] = [
  {
    adapter: logind,
    arrange: async () => {
      const address = await bus();
      const say = await speaker(address, 'org.freedesktop.login1');
      return {
        environment: { DBUS_SYSTEM_BUS_ADDRESS: address },
        cause: {
          locked: () => say(OWN, 'Lock', SESSION),
          unlocked: () => say(OWN, 'Unlock', SESSION),
          asleep: () => say(LOGIND_PATH, 'PrepareForSleep', MANAGER, 'b', [true]),
          awake: () => say(LOGIND_PATH, 'PrepareForSleep', MANAGER, 'b', [false]),
          left: () => say(LOGIND_PATH, 'SessionRemoved', MANAGER, 'so', ['1', OWN]),
        },
      };
    },
  },
  {
    adapter: screensaver,
    arrange: async () => {
      const address = await bus();
      const say = await speaker(address);
      const lock = (active: boolean) => () =>
        say('/org/freedesktop/ScreenSaver', 'ActiveChanged', 'org.freedesktop.ScreenSaver', 'b', [active]);
      return {
        environment: { DBUS_SESSION_BUS_ADDRESS: address },
        cause: { locked: lock(true), unlocked: lock(false) },
      };
    },
  },
  {
    adapter: x11Idle,
    arrange: async () => {
      const display = `:${await started(['Xvfb', '-displayfd', '3', '-screen', '0', '320x200x24'], 3)}`;
      const touch = () =>
        void spawn('xdotool', ['mousemove_relative', '5', '5'], { env: { ...process.env, DISPLAY: display } });
      return { environment: { DISPLAY: display }, cause: { away: () => undefined, back: touch } };
    },
  },
];

describeWith(['dbus-daemon', 'Xvfb', 'xdotool'], 'presence', () => {
  describe.each(TRIALS.map((trial) => [trial.adapter.name, trial] as const))('told by %s', (_name, trial) => {
    it('is what really happens', async () => {
      const { environment, cause } = await trial.arrange();
      const [first] = trial.adapter.tells;
      const early = Promise.withResolvers<PresenceEvent>(); // the first event may come before its start is over
      let told: (event: PresenceEvent) => void = (event) => event === first && early.resolve(event);
      const working = await trial.adapter.start({
        environment,
        awayAfterMs: () => 300,
        lookEveryMs: 20,
        onEvent: (event) => told(event),
        onLost: () => undefined,
      });
      if (working === null) throw new Error('it found nothing to hear from');
      using _ = working;
      for (const event of trial.adapter.tells) {
        const { promise: heard, resolve } = event === first ? early : Promise.withResolvers<PresenceEvent>();
        told = (each) => each === event && resolve(each);
        cause[event]?.();
        expect(await heard).toBe(event);
      }
    });

    it('is not known where there is nothing to hear from', async () => {
      const none = { DISPLAY: ':9999', DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
      const options = { environment: none, awayAfterMs: () => 1, onEvent: () => undefined, onLost: () => undefined };
      expect(await trial.adapter.start(options)).toBeNull();
    });

    it('is lost when what tells it goes away, and the last word stays', async () => {
      const { environment } = await trial.arrange();
      const lost = Promise.withResolvers<void>();
      const working = await trial.adapter.start({
        environment,
        awayAfterMs: () => 300,
        lookEveryMs: 20,
        onEvent: () => undefined,
        onLost: () => lost.resolve(),
      });
      expect(working).not.toBeNull();
      await stack.disposeAsync();
      await lost.promise;
    });
  });

  it('hears the lock of nobody else, and believes nobody but the log-in service', async () => {
    const address = await bus();
    const say = await speaker(address, 'org.freedesktop.login1');
    const stranger = await speaker(address);
    using presence = new Presence();
    await presence.start({ environment: { DBUS_SYSTEM_BUS_ADDRESS: address }, awayAfterMs: () => 1000 }, [logind]);
    expect(presence.known).toEqual([logind.name]);
    const events: PresenceEvent[] = [];
    presence.changed.on((event) => void events.push(event));
    const locked = new Promise<void>((resolve) => presence.changed.on(() => resolve()));
    say(FOREIGN, 'Lock', SESSION);
    stranger(OWN, 'Lock', SESSION);
    stranger(LOGIND_PATH, 'SessionRemoved', MANAGER, 'so', ['1', OWN]);
    say(OWN, 'Lock', SESSION);
    await locked;
    expect(events).toEqual(['locked']);
    expect(presence.absence).toBe('locked');
  });

  it('pauses a session when the screen is locked; only the person lets it go on, and logging out ends it', async () => {
    const address = await bus();
    const say = await speaker(address, 'org.freedesktop.login1');
    await using machine = await RealMachine.start({ environment: { DBUS_SYSTEM_BUS_ADDRESS: address } });
    expect((await machine.chaperoned('status')).stdout).toContain('told by the log-in service');
    await using technician = await machine.session();
    const control = await technician.control();
    say(OWN, 'Lock', SESSION);
    await control.received.until('"method":"presence"');
    await control.received.until('the screen of the machine is locked');
    expect((await machine.status()).sessions).toMatchObject([{ state: 'paused' }]);
    await expect(machine.resume()).rejects.toThrow('the screen is locked');
    const from = control.received.end;
    say(OWN, 'Unlock', SESSION);
    await control.received.until('"here":true', { from });
    expect((await machine.status()).sessions).toMatchObject([{ state: 'paused' }]);
    await machine.resume();
    expect((await machine.status()).sessions).toMatchObject([{ state: 'active' }]);
    say(LOGIND_PATH, 'SessionRemoved', MANAGER, 'so', ['1', OWN]);
    await technician.closed;
    await machine.untilRecorded(
      ({ type, fields }) => type === 'session.ended' && fields.reason === 'the person at the machine logged out',
    );
  });

  it('goes by the length of absence that policy has now', async () => {
    const display = `:${await started(['Xvfb', '-displayfd', '3', '-screen', '0', '320x200x24'], 3)}`;
    let awayAfterMs = 3_600_000;
    let looks = 0;
    const working = await x11Idle.start({
      environment: { DISPLAY: display },
      awayAfterMs: () => {
        looks += 1;
        return awayAfterMs;
      },
      lookEveryMs: 10,
      onEvent: (event) => void events.push(event),
      onLost: () => undefined,
    });
    using _ = { [Symbol.dispose]: () => working?.[Symbol.dispose]() };
    const events: PresenceEvent[] = [];
    await expect.poll(() => looks, PATIENT).toBeGreaterThan(2);
    expect(events).toEqual([]);
    awayAfterMs = 1; // a new policy
    await expect.poll(() => events, PATIENT).toEqual(['away']);
    awayAfterMs = 3_600_000;
    await expect.poll(() => events, PATIENT).toEqual(['away', 'back']);
  });

  it('is held by what each says: nobody takes back the word of another', () => {
    using presence = new Presence();
    const [tray, other] = [presence.hear('tray'), presence.hear('other')];
    const seen: (string | null)[] = [];
    presence.changed.on(() => seen.push(presence.absence));
    tray.say('away');
    other.say('locked');
    tray.say(null);
    expect([presence.absence, presence.known]).toEqual(['locked', ['tray', 'other']]);
    other.say(null);
    expect(presence.absence).toBeNull();
    expect(seen).toEqual(['away', 'locked', null]);
  });

  it.each(['locked', 'asleep'] as const)(
    'stays %s when who said so dies, until another who can tell speaks',
    (word) => {
      using presence = new Presence();
      const tray = presence.hear('tray');
      tray.say(word);
      tray[Symbol.dispose]();
      expect([presence.absence, presence.known]).toEqual([word, []]);
      const next = presence.hear('tray');
      expect(presence.absence).toBe(word);
      next.say('away');
      next[Symbol.dispose]();
      expect(presence.absence).toBeNull(); // who only was away need not come back to this program
    },
  );

  it('is said to be unknown where nothing tells', async () => {
    await using machine = await RealMachine.start({
      environment: { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent' },
    });
    expect((await machine.chaperoned('status')).stdout).toContain('not known; sessions are not paused');
  });
});
