// What `chaperoned tray` does: brings questions, indicators and the tray's icon onto the person's desktop. It holds no
// power of its own: the daemon checks everything that it says.

import { ChaperoneError } from '../../protocol/errors.ts';
import type { Prompter } from '../consent/prompter.ts';
import type { LocalClient } from '../local/client.ts';
import { Presence } from '../presence/presence.ts';
import { screensaver } from '../presence/screensaver.ts';
import { x11Idle } from '../presence/x11-idle.ts';
import { busAddress, DesktopBus } from './bus/desktop-bus.ts';
import { Notifications } from './bus/notifications.ts';
import { whereIs } from './console.ts';
import { Dialog } from './dialog/dialog.ts';
import { foreignPrompter } from './foreign/script-prompter.ts';
import { Indicators } from './indicator/indicators.ts';
import { type DesktopPlace, openPlace } from './place.ts';
import { FirstThatShows } from './prompt/first-that-shows.ts';
import { NotificationPrompter } from './prompt/notification.ts';
import { YadPrompter } from './prompt/yad.ts';
import { ZenityPrompter } from './prompt/zenity.ts';
import { Questions } from './questions.ts';
import { inTerminal } from './terminal-program.ts';
import { StatusItem } from './tray/status-item.ts';
import { Tray } from './tray/tray.ts';

const END_KEY = 0xff57; // keysym of End
const CTRL_ALT = 4 | 8; // X modifiers Control and Mod1
const PANIC_KEY = 'Ctrl+Alt+End';

/** Runs until the person quits, the daemon or the screen goes away, or `signal` is aborted. Resolves with why. */
export async function runTray(
  client: LocalClient,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  { remindAfterMs }: { readonly remindAfterMs: number },
): Promise<'closed' | 'daemon lost'> {
  const foreign = foreignPrompter(process.platform);
  if (foreign !== null) return await askOnly(client, foreign, signal);
  await refuseElsewhere(environment);
  using place = await openPlace(environment);
  const { prompters, machine } = await client.status();
  if (prompters.some((name) => name.startsWith(NAME))) {
    throw new ChaperoneError('Chaperone is already on a desktop of this computer', {
      hint: 'its icon is in the tray; without a tray, `chaperoned code` shows the number and the code',
    });
  }
  using stack = new DisposableStack();
  // What asks and shows for the daemon: when that is gone, nothing of it may stand on the screen.
  const live = stack.use(new DisposableStack());
  const grabbed = await place.screen.grabKey(END_KEY, CTRL_ALT, () => void client.end(null).catch(() => undefined));
  if (grabbed !== null) stack.use(grabbed);
  const bus = await DesktopBus.connect(busAddress(environment)).catch(() => null);
  if (bus !== null) stack.use(bus);
  const notifications = bus === null ? null : await Notifications.open(bus);
  if (notifications !== null) stack.use(notifications);

  const ways = waysToAsk(place, notifications);
  const tray = stack.use(new Tray(client, place, notifications, remindAfterMs));
  if (bus === null) tray.hosted(false);
  else {
    const item = await StatusItem.open(
      bus,
      (action) => tray.act(action),
      (hosted) => tray.hosted(hosted),
    );
    stack.use(item);
    tray.item = item;
  }
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const ends: Promise<'closed' | 'daemon lost'>[] = [
    client.closed.then(() => 'daemon lost' as const),
    place.screen.gone.then(() => 'closed' as const),
    tray.quit.then(() => 'closed' as const),
    stopped.then(() => 'closed' as const),
  ];
  // A terminal that asks shows every session by itself, and is its indicator.
  const indicators =
    ways.length === 0 ? null : live.use(new Indicators(client, place, grabbed === null ? '' : PANIC_KEY));
  const watcher = {
    onSession: (session: Parameters<typeof tray.onSession>[0]) => {
      indicators?.onSession(session);
      tray.onSession(session);
    },
    onFrame: (session: string) => tray.onActivity(session),
    onNotice: (session: string) => tray.onActivity(session),
    onReceipt: (session: string, note: string) => tray.onReceipt(session, note),
  };
  await client.watch(watcher, { shows: false });
  if (ways.length > 0) {
    const prompter = new FirstThatShows(ways);
    const questions = live.use(new Questions(prompter, prompter.reviews, tray));
    questions.voice = await client.prompt(`${NAME}: ${prompter.name}`, questions, { shows: false });
  } else {
    const terminal = live.use(askInTerminal(place));
    // Of some terminals another process draws the window: that this one has ended says nothing then.
    ends.push(terminal.seen.then(() => terminal.closed).then(() => 'closed' as const));
  }
  await tray.start();
  // A daemon of root sees neither the lock nor the idle time of this desktop.
  const presence = live.use(new Presence());
  presence.changed.on(() => client.seePresence(presence.absence));
  await presence.start(
    {
      environment: { ...environment, DBUS_SESSION_BUS_ADDRESS: busAddress(environment) },
      awayAfterMs: () => tray.awayAfterMs,
    },
    [screensaver, x11Idle],
  );
  if (presence.known.length > 0) client.seePresence(presence.absence);
  const why = await Promise.race(ends);
  if (why === 'daemon lost') {
    live.dispose();
    const read = tray.sayWhetherAnythingListens(machine.name, environment).then(() => tray.read());
    await Promise.race([read, tray.quit, stopped, place.screen.gone]);
  }
  return why;
}

/**
 * No window of ours can ask: the terminal can, and it is a prompt of its own. It goes with the tray.
 *
 * @throws ChaperoneError where there is no terminal either
 */
function askInTerminal(place: DesktopPlace): Dialog {
  const [program, ...args] = inTerminal(place.find, 'prompt') ?? [];
  if (program === undefined) {
    throw new ChaperoneError('this desktop has no program that can show a question', { hint: 'install yad or zenity' });
  }
  return new Dialog({ program, args }, place);
}

/** Where there is no indicator yet: it asks, and a session needs a window of `chaperoned watch` beside it. */
async function askOnly(
  client: LocalClient,
  prompter: Prompter,
  signal: AbortSignal,
): Promise<'closed' | 'daemon lost'> {
  const nothing = { onChange: () => undefined, onNotShown: () => undefined, onMachine: () => undefined };
  using questions = new Questions(prompter, false, nothing);
  questions.voice = await client.prompt(`${NAME}: ${prompter.name}`, questions, { shows: false });
  return await Promise.race([
    client.closed.then(() => 'daemon lost' as const),
    new Promise<'closed'>((resolve) => signal.addEventListener('abort', () => resolve('closed'), { once: true })),
  ]);
}

/** How prompters of a desktop begin to call themselves. */
const NAME = 'desktop';

async function refuseElsewhere(environment: NodeJS.ProcessEnv): Promise<void> {
  const where = await whereIs(process.pid, environment);
  if (where === 'remote') {
    throw new ChaperoneError('questions go to the person at the computer, and this is a remote login', {
      hint: 'start it from the desktop of the computer itself',
    });
  }
}

function waysToAsk(place: DesktopPlace, notifications: Notifications | null): Prompter[] {
  const ways: Prompter[] = [];
  const yad = place.find('yad');
  if (yad !== undefined) ways.push(new YadPrompter(yad, place));
  const zenity = place.find('zenity');
  if (zenity !== undefined) ways.push(new ZenityPrompter(zenity, place));
  if (notifications?.hasButtons === true) ways.push(new NotificationPrompter(notifications, place));
  return ways;
}
