// What `chaperoned tray` does: brings questions and indicators onto the person's desktop. It holds no power of its own.

import type { Prompter } from '../consent/prompter.ts';
import type { LocalClient } from '../local/client.ts';
import { Indicators } from './indicator/indicators.ts';
import { type DesktopPlace, openPlace } from './place.ts';
import { FirstThatShows } from './prompt/first-that-shows.ts';
import { YadPrompter } from './prompt/yad.ts';
import { ZenityPrompter } from './prompt/zenity.ts';
import { Questions } from './questions.ts';

const END_KEY = 0xff57; // keysym of End
const CTRL_ALT = 4 | 8; // X modifiers Control and Mod1
const PANIC_KEY = 'Ctrl+Alt+End';

/** Runs until the daemon or the screen goes away, or `signal` is aborted. Resolves with why. */
export async function runTray(
  client: LocalClient,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<'closed' | 'daemon lost'> {
  using place = await openPlace(environment);
  using stack = new DisposableStack();
  const endAll = () => void client.end(null).catch(() => undefined);
  const grabbed = await place.screen.grabKey(END_KEY, CTRL_ALT, endAll);
  if (grabbed !== null) stack.use(grabbed);
  const indicators = stack.use(new Indicators(client, place, grabbed === null ? '' : PANIC_KEY));
  const prompter = new FirstThatShows(waysToAsk(place));
  const questions = stack.use(new Questions(prompter, { onChange: () => undefined, onOver: () => undefined }));
  await client.watch(
    {
      onSession: (session) => indicators.onSession(session),
      onFrame: () => undefined,
      onNotice: () => undefined,
      onReceipt: () => undefined,
    },
    { shows: false },
  );
  questions.voice = await client.prompt(prompter.name, questions, { shows: false });
  return await Promise.race([
    client.closed.then(() => 'daemon lost' as const),
    place.screen.gone.then(() => 'closed' as const),
    new Promise<'closed'>((resolve) => signal.addEventListener('abort', () => resolve('closed'), { once: true })),
  ]);
}

function waysToAsk(place: DesktopPlace): Prompter[] {
  const ways: Prompter[] = [];
  const yad = place.find('yad');
  if (yad !== undefined) ways.push(new YadPrompter(yad, place));
  const zenity = place.find('zenity');
  if (zenity !== undefined) ways.push(new ZenityPrompter(zenity, place));
  return ways;
}
