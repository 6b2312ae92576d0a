// A real X11 desktop for tests: Xvfb and openbox, driven by xdotool as a hand would.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type DesktopPlace, openPlace } from '../../daemon/desktop/place.ts';
import { findProgram } from '../programs.ts';

/** Programs without which there is no desktop to test on. */
export const DESKTOP_PROGRAMS = ['Xvfb', 'openbox', 'xdotool', 'yad', 'zenity'];
const PATIENCE_MS = 30_000; // a slow, busy machine
const LOOK_MS = 50; // between two looks at the screen: X has no event for what is waited for
const run = promisify(execFile);

export interface DesktopOptions {
  /** Of fonts, as people set it who want larger letters. @default 1 */
  readonly scale?: number;
  readonly dark?: boolean;
  readonly size?: string;
  /** With a D-Bus session and a panel with a tray. @default false */
  readonly panel?: boolean;
  /** With a D-Bus session. @default as there is a panel */
  readonly bus?: boolean;
  /** Who may use that bus. @default the user that the tests run as */
  readonly busFor?: 'everyone';
}

export interface Found {
  readonly window: string;
  readonly pid: number;
}

export class XDesktop implements AsyncDisposable {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly place: DesktopPlace & Disposable;
  panel: ChildProcess | null;
  readonly #programs: ChildProcess[];
  readonly #screen: ChildProcess;

  private constructor(
    home: string,
    environment: Readonly<Record<string, string>>,
    place: DesktopPlace & Disposable,
    programs: ChildProcess[],
    panel: ChildProcess | null,
    screen: ChildProcess,
  ) {
    this.home = home;
    this.environment = environment;
    this.place = place;
    this.#programs = programs;
    this.panel = panel;
    this.#screen = screen;
  }

  static async start({
    scale = 1,
    dark = false,
    size = '1280x900',
    panel = false,
    bus = panel,
    busFor,
  }: DesktopOptions = {}): Promise<XDesktop> {
    const home = mkdtempSync(join(tmpdir(), 'chaperone-desktop-'));
    const runtime = join(home, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const bin = join(home, 'bin');
    mkdirSync(bin);
    const settings = join(home, '.config', 'gtk-3.0');
    mkdirSync(settings, { recursive: true });
    writeFileSync(
      join(settings, 'settings.ini'),
      `[Settings]\ngtk-application-prefer-dark-theme=${dark}\ngtk-enable-animations=false\n`,
    );
    const x = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const displayed = x.stdio[3];
    if (displayed === null || displayed === undefined || !('setEncoding' in displayed)) throw new Error('no pipe');
    const [number] = (await once(displayed, 'data')) as [Buffer];
    const programs: ChildProcess[] = [x];
    const environment = {
      PATH: `${bin}:${env.PATH ?? '/usr/bin:/bin'}`,
      HOME: home,
      LANG: 'C.UTF-8',
      XDG_RUNTIME_DIR: runtime,
      DISPLAY: `:${String(number).trim()}`,
      NO_AT_BRIDGE: '1',
      GDK_DPI_SCALE: String(scale),
      GSETTINGS_BACKEND: 'memory',
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent',
    };
    if (bus) {
      environment.DBUS_SESSION_BUS_ADDRESS = await startBus(home, environment, programs);
      if (busFor === 'everyone') chmodSync(home, 0o755);
    }
    programs.unshift(spawn('openbox', ['--sm-disable'], { env: environment, stdio: 'ignore' }));
    const bar = panel ? startPanel(home, environment, programs) : null;
    const place = await openPlace(environment);
    const desktop = new XDesktop(home, environment, place, programs, bar, x);
    await desktop.until(async () => (await desktop.ask('get_desktop')) !== null, 'the window manager');
    return desktop;
  }

  /** `xdotool <arguments>`; null when it fails. */
  async ask(...args: string[]): Promise<string | null> {
    try {
      return (await run('xdotool', args, { env: this.environment })).stdout.trim();
    } catch {
      return null;
    }
  }

  async until<T>(look: () => Promise<T | null | false | undefined> | T | null | false, what: string): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== null && found !== false && found !== undefined) return found;
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
      await sleep(LOOK_MS);
    }
  }

  /** The visible window whose title matches, or null. */
  async find(title: string): Promise<Found | null> {
    const found = await this.ask('search', '--onlyvisible', '--name', title);
    const window = found?.split('\n').at(-1);
    if (window === undefined || window === '') return null;
    const pid = Number(await this.ask('getwindowpid', window));
    return pid > 0 ? { window, pid } : null;
  }

  window(title: string): Promise<Found> {
    return this.until(() => this.find(title), `a window called ${title}`);
  }

  /** The next window whose title matches: of another process than `last`, for X gives the numbers of windows again. */
  windowAfter({ pid }: Found, title: string): Promise<Found> {
    return this.until(async () => {
      const now = await this.find(title);
      return now !== null && now.pid !== pid && now;
    }, `the next window called ${title}`);
  }

  noWindow(title: string): Promise<true> {
    return this.until(async () => (await this.find(title)) === null, `no window called ${title}`);
  }

  async sizeOf({ window }: Found): Promise<{ width: number; height: number }> {
    const text = (await this.ask('getwindowgeometry', '--shell', window)) ?? '';
    const number = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return { width: number('WIDTH'), height: number('HEIGHT') };
  }

  /** Presses the mouse this far from the lower right corner of a window. */
  async clickFromCorner(found: Found, right: number, below: number): Promise<void> {
    const { width, height } = await this.sizeOf(found);
    const [x, y] = [width - right, height - below];
    await this.ask('mousemove', '--window', found.window, `${x}`, `${y}`, 'click', '1');
  }

  /** Focuses a window and presses keys in it. */
  async press(found: Found, ...keys: string[]): Promise<void> {
    await this.focus(found);
    await this.ask('key', '--delay', '30', ...keys);
  }

  /** Resolves when a window has the keyboard, or is gone. It is asked again: one that may not have it yet does not take it. */
  async focus({ window }: Found): Promise<void> {
    await this.until(async () => {
      // By the word of the X server: the window manager calls one active that takes no keys yet.
      if ((await this.ask('getwindowfocus')) === window) return true;
      await this.ask('windowactivate', window);
      return (await this.ask('getwindowname', window)) === null;
    }, 'the keyboard');
  }

  /** Types wherever the focus is. */
  async type(text: string): Promise<void> {
    await this.ask('type', '--delay', '5', text);
  }

  /** What the program of a window was started with, as the system knows it; nothing once it has ended. */
  wordsOf({ pid }: Found): string {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', '\n');
    } catch {
      return '';
    }
  }

  /** A picture of the screen, or of one window with its frame. */
  async picture(file: string, found?: Found): Promise<void> {
    await run('import', [...(found === undefined ? [] : ['-frame']), '-window', found?.window ?? 'root', file], {
      env: this.environment,
    });
  }

  restartPanel(): void {
    this.panel = startPanel(this.home, this.environment, this.#programs);
  }

  /** Says what a screen lock says when it locks or unlocks. */
  signalLock(locked: boolean): void {
    const signal = ['/org/freedesktop/ScreenSaver', 'org.freedesktop.ScreenSaver.ActiveChanged', `boolean:${locked}`];
    this.start('dbus-send', '--session', '--type=signal', ...signal);
  }

  killScreen(): void {
    this.#screen.kill('SIGKILL');
  }

  /** From now on yad and zenity start and show nothing. */
  breakPrograms(): void {
    for (const program of ['yad', 'zenity']) {
      writeFileSync(join(this.home, 'bin', program), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    }
  }

  /** A folder with these programs and no others. */
  folderOf(programs: readonly string[]): string {
    const folder = mkdtempSync(join(this.home, 'programs-'));
    for (const program of programs) symlinkSync(findProgram(program) ?? program, join(folder, program));
    return folder;
  }

  start(program: string, ...args: string[]): ChildProcess {
    const child = spawn(program, args, { env: this.environment, stdio: 'ignore' });
    this.#programs.unshift(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.place[Symbol.dispose]();
    for (const child of this.#programs) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    // What those had started ends by itself a moment later, and may still write: the folder is tried again then.
    rmSync(this.home, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** A D-Bus session of its own; its address. */
async function startBus(home: string, environment: NodeJS.ProcessEnv, programs: ChildProcess[]): Promise<string> {
  const config = join(home, 'bus.conf');
  writeFileSync(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${join(home, 'bus')}</listen><auth>EXTERNAL</auth>
<standard_session_servicedirs/>
<policy context="default"><allow user="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`,
  );
  const bus = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  programs.unshift(bus);
  const [address] = (await once(bus.stdout, 'data')) as [Buffer];
  return String(address).trim();
}

/** xfce4-panel with a tray, at the lower edge of the screen. */
function startPanel(home: string, environment: NodeJS.ProcessEnv, programs: ChildProcess[]): ChildProcess {
  const folder = join(home, '.config', 'xfce4', 'xfconf', 'xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'xfce4-panel.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=10;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
    <property name="plugin-3" type="string" value="systray"/>
  </property>
</channel>
`,
  );
  const panel = spawn('xfce4-panel', ['--disable-wm-check'], { env: environment, stdio: 'ignore' });
  programs.unshift(panel);
  return panel;
}
