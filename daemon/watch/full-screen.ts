// The view as a full screen: draws the model and gives it the keys. Leaving it changes nothing for the session.

import type { LocalClient } from '../local/client.ts';
import { sentenceOf } from '../prompt/model.ts';
import { OpenMenu } from '../prompt/open-menu.ts';
import { menuWords, type PermissionMenu, permissionMenu } from '../prompt/permission-menu.ts';
import { saidInWords } from '../prompt/words.ts';
import type { Key } from '../terminal/keys.ts';
import { LineInput } from '../terminal/line-input.ts';
import { colourWanted, LocalTerminal, ownTerminal } from '../terminal/local-terminal.ts';
import { WatchModel } from './model.ts';
import { type OpenedReceipt, openReceipt } from './open-receipt.ts';
import { watchScreen } from './watch-screen.ts';

const TICK_MS = 1000; // the time that is left moves once a second
const STOPPED = 'Chaperone has stopped on this computer. Nobody is connected any more.';
const FRAME_MS = 33; // 30 pictures a second are as live as anyone sees

export async function runFullScreenWatch(client: LocalClient): Promise<'closed' | 'daemon lost'> {
  const { input, output } = ownTerminal();
  const done = Promise.withResolvers<'closed' | 'daemon lost'>();
  const colour = colourWanted();
  const { machine, machineKey } = await client.status();
  const receipts = new Map<string, OpenedReceipt>();
  let chat: LineInput | null = null;
  let remark = '';
  let scroll = 0;
  let warned = false;
  let stopped = false;
  let drawing: NodeJS.Timeout | undefined;

  const paint = (): Promise<void> => {
    drawing = undefined;
    const { menu } = list;
    const { selected } = model;
    const receipt = selected === null ? null : (receipts.get(selected.view.id) ?? null);
    const view = {
      machine: machine.name,
      sessions: model.sessions,
      selected,
      receipt,
      scroll,
      remark: menu === null ? remark : menuWords(menu),
      now: Date.now(),
    };
    const screen = watchScreen({ ...view, chat: chat?.text ?? null }, terminal.size, colour);
    return terminal.paint(screen.rows, screen.cursor);
  };
  const draw = (): void => {
    paint().catch(() => undefined); // a terminal that is gone says so by itself
  };
  const redraw = (): void => {
    drawing ??= setTimeout(draw, FRAME_MS);
  };
  const attempt = (action: () => Promise<string>): void => {
    action()
      .catch(sentenceOf)
      .then((words) => {
        remark = words;
        redraw();
      });
  };

  using list = new OpenMenu({ paint, onArmed: redraw });

  const model = new WatchModel({
    onChange: redraw,
    onLine: () => list.disturb(),
    onSession: ({ view }) => {
      list.disturb();
      const isOther = view.id !== model.selected?.view.id;
      if (isOther && view.state === 'active') remark = `${view.technician.name} is connected too. Tab shows them.`;
    },
    onReceipt: ({ view }, note) => {
      receipts.set(view.id, openReceipt(note, machineKey));
      remark = '';
    },
  });

  /** Without any window that shows it, a session ends: the person should know before they close the last one. */
  const leave = async (): Promise<void> => {
    const { prompters } = await client.status();
    if (warned || model.live.length === 0 || prompters.length > 0) return done.resolve('closed');
    warned = true;
    remark = 'This is the only window that shows the session. Q again closes it and ends the session.';
    redraw();
  };

  const openMenu = (change: PermissionMenu['change']): void => {
    const view = model.selected?.view;
    list.open(view === undefined ? null : permissionMenu(change, [view]));
    remark = list.menu === null ? 'There is nothing more that you could allow.' : '';
  };

  const inMenu = ({ change }: PermissionMenu, key: Key): void => {
    const entry = list.press(key);
    if (entry === null) return;
    attempt(async () => {
      await client[change](entry.session, [entry.scope]);
      return change === 'withdraw' ? 'Taken back.' : 'Allowed.';
    });
  };

  const command = (letter: string): void => {
    warned &&= letter === 'q';
    const id = model.selected?.view.id;
    if (stopped) {
      if (letter === 'q') done.resolve('daemon lost');
    } else if (letter === 'q') leave().catch(() => done.resolve('daemon lost'));
    else if (letter === 's') model.next('shell');
    else if (id === undefined || model.selected?.view.state === 'ended') remark = '';
    else if (letter === 'c') chat = new LineInput();
    else if (letter === 'w' || letter === 'a') openMenu(letter === 'w' ? 'withdraw' : 'allow');
    else if (letter === 'p')
      attempt(async () => ((await client.pause(id)).length > 0 ? 'Paused. R lets it go on.' : ''));
    else if (letter === 'r')
      attempt(async () => ((await client.resume(id)).length > 0 ? 'It goes on.' : 'It cannot go on.'));
    else if (letter === 'e') attempt(async () => ((await client.end(id)).length > 0 ? 'Ended.' : ''));
    else remark = 'The keys below work here; the technician does not see what you type.';
  };

  const onKey = (key: Key): void => {
    if (key.name === 'ctrl-c' || key.name === 'ctrl-d') done.resolve(stopped ? 'daemon lost' : 'closed');
    else if (list.menu !== null) inMenu(list.menu, key);
    else if (chat !== null) {
      if (key.name === 'escape') chat = null;
      else if (chat.press(key) === 'line') {
        const [text, id] = [chat.take(), model.selected?.view.id ?? null];
        chat = null;
        if (text !== '') attempt(() => client.say(id, text).then(saidInWords));
      }
    } else if (key.name === 'tab') {
      scroll = 0;
      model.next('session');
    } else if (key.name === 'down' || key.name === 'page-down') scroll += key.name === 'down' ? 1 : 10;
    else if (key.name === 'up' || key.name === 'page-up') scroll = Math.max(0, scroll - (key.name === 'up' ? 1 : 10));
    else if (key.name === 'text') command(key.text.toLowerCase());
    redraw();
  };

  using terminal = new LocalTerminal(input, output, 'screen', {
    onKey,
    onRedraw: draw,
    onGone: () => done.resolve('closed'),
  });
  const tick = setInterval(redraw, TICK_MS);
  void client.closed.then(() => {
    if (model.sessions.length === 0) return done.resolve('daemon lost');
    // What was seen last, the receipt perhaps, stays until the person has read it.
    stopped = true;
    list.close();
    model.lost();
    remark = STOPPED;
    redraw();
  });
  try {
    await client.watch(model);
    draw();
    return await done.promise;
  } finally {
    clearInterval(tick);
    clearTimeout(drawing);
  }
}
