// The prompt as a full screen: draws the model and gives it the keys.

import type { LocalClient } from '../local/client.ts';
import type { Key } from '../terminal/keys.ts';
import { type Line, renderLine } from '../terminal/line.ts';
import { colourWanted, LocalTerminal, ownTerminal, type Size, terminalName } from '../terminal/local-terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import { commandScreen } from './command-screen.ts';
import { pressCommand } from './command-state.ts';
import { PromptModel } from './model.ts';
import { ownAddresses } from './own-addresses.ts';
import { menuWords } from './permission-menu.ts';
import { questionScreen } from './question-screen.ts';
import { press } from './question-state.ts';
import { ChatLine, isWriting } from './talk.ts';
import { waitingScreen } from './waiting-screen.ts';

const SMALLEST: Size = { cols: 36, rows: 10 }; // below this a question cannot be read, so it is not put
const TICK_MS = 1000; // the countdowns on the screen move once a second
const BELL = '\x07'; // the person may look elsewhere

/** Runs until the person closes it, the terminal goes away, or the daemon does. Resolves with why. */
export async function runFullScreenPrompt(client: LocalClient): Promise<'closed' | 'daemon lost'> {
  const { input, output } = ownTerminal();
  const done = Promise.withResolvers<'closed' | 'daemon lost'>();
  const colour = colourWanted();
  let totalMs = 1;
  let closing = false;
  let showsKey = false;
  let chat: ChatLine | null = null;
  let waitingForRoom: (() => void) | null = null;

  const draw = (): Promise<void> => {
    const { size } = terminal;
    const lines = screenFor(model, size, { totalMs, closing, chat, showsKey });
    return terminal.paint(lines.map((line) => renderLine(line, size.cols, colour)));
  };
  const redraw = (): void => void draw().catch(() => undefined); // a terminal that is gone says so by itself

  const model = new PromptModel(client, {
    onChange: () => {
      closing &&= model.sessions.length > 0; // the warning is about somebody who is connected
      if (model.sessions.length > 0) model.receipt.close();
      showsKey &&= model.sessions.length === 0; // it is read out while somebody waits to come in, and hides nothing
      redraw();
    },
    show: async () => {
      const { until = '' } = model.question?.question ?? model.command?.command ?? {};
      totalMs = Math.max(1, Date.parse(until) - Date.now());
      closing = false;
      showsKey = false;
      model.receipt.close();
      if (isTooSmall(model, terminal.size)) {
        redraw();
        await new Promise<void>((resolve) => {
          waitingForRoom = resolve;
        });
      }
      await draw();
      await terminal.write(BELL);
    },
    showMenu: draw,
    onWritten: () => {
      model.news = 'A technician has written to you. C answers.';
      terminal.write(BELL).catch(() => undefined);
    },
    onOver: redraw,
  });

  /** Q asks first while somebody is connected. */
  const quit = (key: Key): void => {
    if (closing || model.sessions.length === 0 || key.name !== 'text') done.resolve('closed');
    closing = true;
    redraw();
  };

  const write = (line: ChatLine, key: Key): void => {
    const effect = line.press(key);
    if (effect !== null) chat = null;
    if (effect?.kind === 'send') void model.say(line.session, effect.text);
    redraw();
  };

  const onKey = (key: Key): void => {
    // Whoever was writing when the question came goes on writing: keys count only after they have stopped.
    if (chat !== null && isAsked(model) === 'too early' && isWriting(key)) model.rearm();
    if (model.question !== null) {
      if (
        key.name === 'text' &&
        chat === null &&
        model.sessions.length > 0 &&
        model.question.armed &&
        act(model, key.text)
      )
        return;
      const effect = press(
        isTooSmall(model, terminal.size) ? { ...model.question, armed: false } : model.question,
        key,
      );
      if (effect.kind === 'answer') model.answer(effect.answer);
      else model.question = { ...effect.state, armed: model.question.armed }; // a size disarms for this key alone
      return;
    }
    if (model.command !== null) {
      const hidden = isTooSmall(model, terminal.size);
      const effect = pressCommand(hidden ? { ...model.command, armed: false } : model.command, key);
      if (effect.kind === 'answer') model.answerCommand(effect.answer);
      else model.command = { ...effect.state, armed: model.command.armed };
      return;
    }
    if (model.menu !== null) {
      if (isTooSmall(model, terminal.size))
        model.closeMenu(); // it cannot be read, so it cannot be answered
      else model.pressMenu(key);
      return;
    }
    if (chat !== null) {
      write(chat, key);
      return;
    }
    if (model.receipt.isOpen && key.name !== 'ctrl-c' && key.name !== 'ctrl-d') {
      model.receipt.press(key);
      redraw();
      return;
    }
    const quits = key.name === 'ctrl-c' || key.name === 'ctrl-d' || (key.name === 'text' && /^q$/i.test(key.text));
    if (quits) {
      quit(key);
      return;
    }
    closing = false;
    const shown = showsKey;
    showsKey = false;
    if (key.name === 'text' && !act(model, key.text)) {
      if (/^n$/i.test(key.text)) void model.newCode();
      else if (/^c$/i.test(key.text)) chat = chatWith(model);
      else if (/^l$/i.test(key.text) && model.sessions.length === 0) model.receipt.open();
      else if (/^f$/i.test(key.text)) showsKey = !shown && model.sessions.length === 0;
    }
    redraw();
  };

  using terminal = new LocalTerminal(input, output, 'screen', {
    onKey,
    onRedraw: (why) => {
      if (why === 'resumed' || model.menu !== null) model.rearm();
      if (!isTooSmall(model, terminal.size)) waitingForRoom?.();
      redraw();
    },
    onGone: () => done.resolve('closed'),
  });
  using _ = model; // disposed before the terminal: what is asked is answered with no
  void client.closed.then(() => done.resolve('daemon lost'));
  const tick = setInterval(redraw, TICK_MS);
  try {
    await model.start(`terminal ${terminalName(output.fd)}`);
    return await done.promise;
  } finally {
    clearInterval(tick);
  }
}

/** P, R, E, W and A, as the key bar says. */
function act(model: PromptModel, text: string): boolean {
  const change = ({ w: 'withdraw', a: 'allow' } as const)[text.toLowerCase()];
  if (change !== undefined && model.question === null && model.sessions.length > 0) {
    model.openMenu(change);
    return true;
  }
  const action = ({ p: 'pause', r: 'resume', e: 'end' } as const)[text.toLowerCase()];
  if (action === undefined) return false;
  void model.act(action);
  return true;
}

function chatWith({ seen, sessions }: PromptModel): ChatLine | null {
  const to = seen.addressee(sessions);
  return to === null ? null : new ChatLine(to);
}

/** Whether a question or a command stands on the screen, and whether keys count for it yet. */
function isAsked({ question, command }: PromptModel): 'no' | 'too early' | 'yes' {
  const asked = question ?? command;
  return asked === null ? 'no' : asked.armed ? 'yes' : 'too early';
}

interface ScreenState {
  /** How long there was to answer the question. */
  readonly totalMs: number;
  /** Q was pressed while somebody is connected. */
  readonly closing: boolean;
  readonly chat: ChatLine | null;
  /** Whether the fingerprint of this computer is shown. */
  readonly showsKey: boolean;
}

function screenFor(model: PromptModel, size: Size, { totalMs, closing, chat, showsKey }: ScreenState): Line[] {
  const { question, command, code, status, menu } = model;
  if (command !== null) {
    const leftMs = Math.max(0, Date.parse(command.command.until) - Date.now());
    const screen = isTooSmall(model, size) ? null : commandScreen(command, leftMs, size);
    const words = 'A command is suggested. This window is too small to show it: please make it larger. Esc says no.';
    return screen ?? wrap(words, size.cols).map((text) => [text]);
  }
  if (question !== null) {
    if (isTooSmall(model, size)) {
      const words = 'Someone asks to help. This window is too small to show it: please make it larger. Esc says no.';
      return wrap(words, size.cols).map((text) => [text]);
    }
    const leftMs = Math.max(0, Date.parse(question.question.until) - Date.now());
    return questionScreen({ state: question, leftMs, totalMs, isConnected: model.sessions.length > 0 }, size);
  }
  if (code === null || status === null) return [['  One moment…']];
  const receipt = model.receipt.screen(status.machine.name, size);
  if (receipt !== null) return receipt;
  return waitingScreen(
    {
      machine: status.machine,
      code,
      codeLeftMs: Date.parse(code.expiresAt) - Date.now(),
      sessions: model.sessions,
      addresses: ownAddresses(status.listen),
      fingerprint: showsKey ? status.hostKey : null,
      hasReceipt: model.receipt.sentences !== null,
      lines: model.seen.of(model.sessions),
      chat,
      news: closing
        ? 'Someone is still connected: E ends that. Q again closes this window, and if it is the only one, that ends it too.'
        : menu === null
          ? model.news
          : menuWords(menu),
      trouble: model.trouble,
    },
    size,
  );
}

function isTooSmall({ command }: PromptModel, size: Size): boolean {
  const { cols, rows } = size;
  if (cols < SMALLEST.cols || rows < SMALLEST.rows) return true;
  return command !== null && commandScreen({ ...command, editing: null }, 0, size) === null;
}
