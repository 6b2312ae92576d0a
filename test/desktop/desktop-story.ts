// A person at a real desktop with the real daemon and the real tray, and a technician on the phone.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHAPERONED } from '../harness/place.ts';
import { type MachineOptions, RealMachine } from '../harness/real-machine.ts';
import type { Technician } from '../harness/technician.ts';
import { Transcript } from '../harness/transcript.ts';
import { startNotifications } from './bubbles.ts';
import { ShownNotices } from './shown-notices.ts';
import { TrayMenu } from './tray-menu.ts';
import { type DesktopOptions, type Found, XDesktop } from './x-desktop.ts';

export const ASKS = 'someone asks to help';
const CONFIRMS = 'allow this';
export const INDICATOR = 'someone is connected';

export interface StoryOptions extends DesktopOptions {
  readonly machine?: MachineOptions;
  /** Before the daemon's own, in the tray's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the tray is started with. */
  readonly trayOptions?: readonly string[];
  /** With `bus`: Debian's service draws notifications, instead of one that keeps them for the test. @default false */
  readonly drawsNotifications?: boolean;
  /** All programs that the tray finds. @default those of this machine */
  readonly programs?: readonly string[];
}

export class DesktopStory implements AsyncDisposable {
  /** After a question is on the screen: Allow counts from 1.5 s on. */
  static readonly ARMED_MS = 1_900;
  /** From the lower right corner of yad's question: its two buttons. */
  static readonly ALLOW: readonly [number, number] = [70, 36];
  static readonly DENY: readonly [number, number] = [190, 36];
  readonly desktop: XDesktop;
  readonly machine: RealMachine;
  readonly tray: ChildProcess;
  /** What the desktop was to show as notifications; with `bus` only. */
  readonly notices: ShownNotices | null;
  readonly #trayOptions: readonly string[];
  /** What the tray says. */
  readonly said = new Transcript();

  private constructor(
    desktop: XDesktop,
    machine: RealMachine,
    environment: Readonly<Record<string, string>>,
    notices: ShownNotices | null,
    trayOptions: readonly string[],
  ) {
    this.#trayOptions = trayOptions;
    this.desktop = desktop;
    this.machine = machine;
    this.notices = notices;
    this.tray = this.startTray(environment);
  }

  static async begin(given: StoryOptions = {}): Promise<DesktopStory> {
    const { machine: options, environment: own = {}, programs, trayOptions = [], drawsNotifications, ...looks } = given;
    const desktop = await XDesktop.start(looks);
    const environment = programs === undefined ? own : { ...own, PATH: desktop.folderOf(programs) };
    const machine = await RealMachine.start(options);
    const { DBUS_SESSION_BUS_ADDRESS: bus } = desktop.environment;
    if (drawsNotifications === true) await startNotifications(desktop);
    const notices = looks.bus === true && drawsNotifications !== true ? await ShownNotices.start(bus) : null;
    const story = new DesktopStory(desktop, machine, environment, notices, trayOptions);
    await story.ready();
    return story;
  }

  startTray(environment: Readonly<Record<string, string>> = {}): ChildProcess {
    const tray = spawn(execPath, [CHAPERONED, 'tray', ...this.#trayOptions], {
      env: {
        ...this.machine.environment,
        ...this.desktop.environment,
        CHAPERONE_HOME: this.machine.chaperoneHome,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [tray.stdout, tray.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.said.append(text));
    }
    return tray;
  }

  /** Resolves when questions appear on this desktop. */
  async ready(): Promise<void> {
    await this.desktop.until(async () => {
      if (this.tray.exitCode !== null) throw new Error(`the tray ended: ${this.said.text}`);
      return (await this.machine.status()).prompters.length > 0;
    }, 'the tray');
  }

  /** The question on the screen, once Allow counts. */
  async question(): Promise<Found> {
    const found = await this.desktop.window(ASKS);
    await sleep(DesktopStory.ARMED_MS);
    return found;
  }

  pressAllow(window: Found): Promise<void> {
    return this.desktop.clickFromCorner(window, ...DesktopStory.ALLOW);
  }

  /** Allows, and once more in each window that comes again because the tray took the press for too early. */
  async allow(question: Found): Promise<void> {
    const until = async () => (await this.machine.status()).asking?.until;
    const asked = await until();
    const press = (found: Found) => this.pressAllow(found);
    await this.insist(question, ASKS, press, async () => (await until()) !== asked);
  }

  /** Acts in a window once its keys count, and again in each that comes instead because that was too early. */
  async insist(
    window: Found,
    title: string,
    act: (found: Found) => Promise<unknown>,
    isOver: () => Promise<boolean>,
  ): Promise<void> {
    for (let found = window; ; ) {
      await act(found);
      const again = await this.desktop.until(async () => {
        if (await isOver()) return 'over';
        const now = await this.desktop.find(title);
        return now !== null && now.pid !== found.pid && now;
      }, `an effect in the window called ${title}`);
      if (again === 'over') return;
      found = again;
      await sleep(DesktopStory.ARMED_MS);
    }
  }

  /** Both windows of zenity, with what was ticked beforehand; a press that was too early brings a window again. */
  async allowInZenity(): Promise<void> {
    const { desktop } = this;
    const goOn = (found: Found) => desktop.clickFromCorner(found, 60, 25);
    const confirm = (found: Found) => desktop.clickFromCorner(found, 100, 25);
    const question = await this.question();
    await this.insist(question, ASKS, goOn, async () => (await desktop.find(CONFIRMS)) !== null);
    const second = await desktop.window(CONFIRMS);
    await sleep(DesktopStory.ARMED_MS);
    await this.insist(second, CONFIRMS, confirm, async () => (await this.machine.status()).asking === null);
  }

  deny(question: Found): Promise<void> {
    return this.desktop.clickFromCorner(question, ...DesktopStory.DENY);
  }

  /** Clicks an entry of the tray's menu, as soon as there is one with these words. */
  async choose(words: string): Promise<void> {
    using menu = await TrayMenu.of(this.tray.pid, this.desktop.environment.DBUS_SESSION_BUS_ADDRESS);
    await this.desktop.until(() => menu.click(words), `“${words}” in the menu`);
  }

  /** Resolves when `wanted` is among the words of the tray's menu, and `gone` is not any more. */
  async menu(wanted: string, { gone }: { readonly gone?: string } = {}): Promise<void> {
    using menu = await TrayMenu.of(this.tray.pid, this.desktop.environment.DBUS_SESSION_BUS_ADDRESS);
    await this.desktop.until(
      async () => {
        const words = await menu.words();
        return words.includes(wanted) && (gone === undefined || !words.includes(gone));
      },
      `“${wanted}” in the menu${gone === undefined ? '' : ` without “${gone}”`}`,
    );
  }

  /** A technician whom the person let in, with all that was ticked. */
  async session(options: Parameters<RealMachine['technician']>[0] = {}): Promise<Technician> {
    const technician = await this.machine.technician(options);
    await this.allow(await this.question());
    await technician.ready;
    return technician;
  }

  indicator(): Promise<Found> {
    return this.desktop.window(INDICATOR);
  }

  /** Why the last session ended, from the record. */
  async end(from = 0): Promise<{ by: unknown; reason: unknown }> {
    const { fields } = await this.machine.untilRecorded(({ type }) => type === 'session.ended', from);
    return { by: fields.by, reason: fields.reason };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.tray.exitCode === null && this.tray.signalCode === null) {
      this.tray.kill('SIGTERM');
      await once(this.tray, 'exit');
    }
    this.notices?.[Symbol.dispose]();
    await this.machine[Symbol.asyncDispose]();
    await this.desktop[Symbol.asyncDispose]();
  }
}
