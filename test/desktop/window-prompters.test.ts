// The question in windows of yad and zenity, on a real screen and answered with mouse and keys.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Prompter } from '../../daemon/consent/prompter.ts';
import type { DesktopPlace } from '../../daemon/desktop/place.ts';
import { YadPrompter } from '../../daemon/desktop/prompt/yad.ts';
import { ZenityPrompter } from '../../daemon/desktop/prompt/zenity.ts';
import { InMemoryMachine, question } from '../prompt/in-memory-machine.ts';
import { itIsAPrompter, type PromptedPerson } from '../prompt/prompter-compliance.ts';
import { describeWith } from '../requires.ts';
import { DESKTOP_PROGRAMS, type Found, XDesktop } from './x-desktop.ts';

const ARMS_AFTER_MS = 300; // short, and long enough to be seen
const ASKS = 'someone asks to help';
const CONFIRMS = 'allow this';

interface Hands {
  /** Presses what allows in a question, until it is answered or comes again. */
  allow(desktop: XDesktop, found: Found, isAnswered: () => boolean): Promise<void>;
  untickSecond(desktop: XDesktop, found: Found): Promise<void>;
  deny(desktop: XDesktop, found: Found): Promise<void>;
}

/** Where the buttons stand, from the lower right corner. */
const YAD: Hands = {
  allow: (desktop, found) => desktop.clickFromCorner(found, 70, 36),
  untickSecond: (desktop, found) => desktop.press(found, 'Tab', 'space'),
  deny: (desktop, found) => desktop.clickFromCorner(found, 190, 36),
};

const ZENITY: Hands = {
  allow: async (desktop, found, isAnswered) => {
    await desktop.clickFromCorner(found, 60, 25);
    // A press that came too early brings the window again.
    const isAgain = async () => ((await desktop.find(ASKS))?.pid ?? found.pid) !== found.pid;
    await desktop.until(async () => (await desktop.find(CONFIRMS)) !== null || (await isAgain()), 'the second window');
    for (let second = await desktop.find(CONFIRMS); second !== null && !isAnswered(); ) {
      const { pid } = second;
      await sleep(ARMS_AFTER_MS + 500);
      await desktop.clickFromCorner(second, 100, 25);
      second = await desktop.until(async () => {
        const now = await desktop.find(CONFIRMS);
        return isAnswered() ? second : now !== null && now.pid !== pid && now;
      }, 'an effect');
    }
  },
  untickSecond: (desktop, found) => desktop.press(found, 'shift+Tab', 'Down', 'End', 'space'),
  deny: (desktop, found) => desktop.press(found, 'Escape'),
};

describeWith(DESKTOP_PROGRAMS, 'windows that ask', () => {
  let desktop: XDesktop;
  beforeAll(async () => {
    desktop = await XDesktop.start();
  });
  afterAll(() => desktop[Symbol.asyncDispose]());

  for (const [program, hands, make] of [
    ['yad', YAD, (path: string, place: DesktopPlace) => new YadPrompter(path, place)],
    ['zenity', ZENITY, (path: string, place: DesktopPlace) => new ZenityPrompter(path, place)],
  ] as const) {
    const arrive = async (): Promise<PromptedPerson> => {
      const machine = new InMemoryMachine(ARMS_AFTER_MS);
      let path = desktop.place.find(program) ?? program;
      let seen: Found | null = null;
      let shown = 0;
      const prompter: Prompter = {
        name: program,
        ask: (...given) => make(path, desktop.place).ask(...given),
      };
      machine.addPrompter(prompter);
      const found = () => {
        if (seen === null) throw new Error('no question was read');
        return seen;
      };
      /** Presses Allow, and once more in each window that comes again because that was too early. */
      const allow = async (): Promise<void> => {
        const asked = machine.desk.asking?.question;
        const isAnswered = () => machine.desk.asking?.question !== asked;
        for (;;) {
          const { pid } = found();
          await hands.allow(desktop, found(), isAnswered);
          const again = await desktop.until(async () => {
            if (isAnswered()) return 'answered';
            const now = await desktop.find(ASKS);
            return now !== null && now.pid !== pid && now;
          }, 'an effect of Allow');
          if (again === 'answered') return;
          seen = again;
          await sleep(ARMS_AFTER_MS + 300);
        }
      };
      return {
        machine,
        readQuestion: async () => {
          const last = seen;
          seen = await desktop.until(async () => {
            const now = await desktop.find(ASKS);
            return now !== null && now.pid !== last?.pid ? now : null;
          }, 'a question');
          await desktop.until(() => machine.asked.filter((word) => word === 'displayed').length > shown, 'its display');
          shown += 1;
          await sleep(ARMS_AFTER_MS + 300); // until its choices count
          const { width, height } = await desktop.sizeOf(seen);
          expect(Math.min(width, height)).toBeGreaterThan(250); // a window without words is small
          return `SOMEONE ASKS\n${desktop.wordsOf(seen)}`;
        },
        seeNone: () => desktop.noWindow(ASKS).then(() => undefined),
        allow,
        allowWithout: async () => {
          await hands.untickSecond(desktop, found());
          await allow();
        },
        deny: () => hands.deny(desktop, found()),
        insist: () => desktop.clickFromCorner(found(), 70, 36),
        kill: async () => void process.kill(found().pid, 'SIGKILL'),
        cover: async () => {
          path = join(desktop.home, 'no-window');
          writeFileSync(path, '#!/bin/sh\nexec sleep 600\n');
          chmodSync(path, 0o755);
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    };

    describeWith([program], program, () => {
      itIsAPrompter(arrive);

      for (const [what, act] of [
        ['Esc is pressed', (found: Found) => desktop.press(found, 'Escape')],
        ['the window is closed', (found: Found) => desktop.press(found, 'alt+F4')],
        ['Enter is pressed at once', (found: Found) => desktop.press(found, 'Return', 'Return', 'Escape')],
      ] as const) {
        it(`says no when ${what}`, async () => {
          await using person = await arrive();
          const answer = person.machine.ask(question());
          await person.readQuestion();
          await act(await desktop.window(ASKS));
          expect((await answer).kind).toMatch(/declined|nobody/);
        });
      }
    });
  }
});
