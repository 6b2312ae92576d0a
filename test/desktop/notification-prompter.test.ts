// The question as a notification with buttons, drawn by a real notification service.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { DesktopBus } from '../../daemon/desktop/bus/desktop-bus.ts';
import { Notifications } from '../../daemon/desktop/bus/notifications.ts';
import { NotificationPrompter } from '../../daemon/desktop/prompt/notification.ts';
import { InMemoryMachine } from '../prompt/in-memory-machine.ts';
import { itIsAPrompter, type PromptedPerson } from '../prompt/prompter-compliance.ts';
import { describeWith } from '../requires.ts';
import { BUBBLE, bubbleOn, NOTIFICATION_SERVICE, startNotifications } from './bubbles.ts';
import { DESKTOP_PROGRAMS, XDesktop } from './x-desktop.ts';

const ARMS_AFTER_MS = 300;

describeWith([...DESKTOP_PROGRAMS, 'dbus-daemon', 'xfce4-panel'], 'a notification that asks', () => {
  describeWith(NOTIFICATION_SERVICE, 'by the notification daemon', () => {
    let desktop: XDesktop;
    beforeAll(async () => {
      desktop = await XDesktop.start({ panel: true });
    });
    afterAll(() => desktop[Symbol.asyncDispose]());

    const bubble = () => bubbleOn(desktop);

    const arrive = async (): Promise<PromptedPerson> => {
      const stack = new AsyncDisposableStack();
      const bus = stack.use(await DesktopBus.connect(desktop.environment.DBUS_SESSION_BUS_ADDRESS));
      const service = await startNotifications(desktop);
      stack.defer(() => void service.kill('SIGKILL'));
      const notifications = await Notifications.open(bus);
      if (notifications === null) throw new Error('no notifications');
      const machine = new InMemoryMachine(ARMS_AFTER_MS);
      machine.addPrompter(new NotificationPrompter(notifications, desktop.place));
      let shown = 0;
      const pressed = new Set<string>();
      /** Presses a button, and that of each notification which comes instead because a press was too early. */
      const press = async ([right, below]: readonly [number, number]): Promise<void> => {
        const asked = machine.desk.asking?.question;
        for (;;) {
          const found = await desktop.until(async () => {
            return machine.desk.asking?.question === asked ? await bubbleOn(desktop, pressed) : 'answered';
          }, 'an effect of the button');
          if (found === 'answered') return;
          if (pressed.size > 0) await sleep(ARMS_AFTER_MS + 300);
          pressed.add(found.window);
          await desktop.clickFromCorner(found, right, below);
        }
      };
      const insist = async () => {
        const found = await bubble();
        if (found === null) return;
        pressed.add(found.window);
        await desktop.clickFromCorner(found, ...BUBBLE.allow);
      };
      return {
        machine,
        readQuestion: async () => {
          await desktop.until(() => machine.asked.filter((word) => word === 'displayed').length > shown, 'its display');
          shown += 1;
          await sleep(ARMS_AFTER_MS + 300); // until its choices count
          const { width, height } = await desktop.sizeOf(await desktop.until(bubble, 'a notification'));
          expect(Math.min(width, height)).toBeGreaterThan(150);
          return 'SOMEONE ASKS';
        },
        seeNone: () => desktop.until(async () => (await bubble()) === null, 'no notification').then(() => undefined),
        allow: () => press(BUBBLE.allow),
        allowWithout: () => press(BUBBLE.less),
        deny: () => press(BUBBLE.deny),
        insist,
        kill: async () => void service.kill('SIGKILL'),
        cover: async () => void service.kill('SIGSTOP'),
        [Symbol.asyncDispose]: () => stack.disposeAsync(),
      };
    };

    itIsAPrompter(arrive);
  });
});
