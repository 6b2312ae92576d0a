// The view line by line: what happens is said as it happens, the shell's screen when it has come to rest.

import type { Scope } from '../../protocol/scopes.ts';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import type { LocalClient } from '../local/client.ts';
import { sentenceOf } from '../prompt/model.ts';
import { type Change, changeable, numberOf, readPermissions } from '../prompt/permission-words.ts';
import { saidInWords, scopesInWords, stateInWords, whoIs } from '../prompt/words.ts';
import { PlainConsole } from '../terminal/plain-console.ts';
import { type WatchedSession, WatchModel } from './model.ts';
import { openReceipt } from './open-receipt.ts';

const REST_MS = 700; // a screen that stays as it is for so long is worth reading out
const LINES_MAX = 30; // of one reading; more is not listened to
const HELP =
  'You can type: screen, status, say and your words, pause, resume, end, withdraw or allow and a permission, quit. Quit leaves this view.';

export async function runPlainWatch(client: LocalClient): Promise<'closed' | 'daemon lost'> {
  const done = Promise.withResolvers<'closed' | 'daemon lost'>();
  const { machine, machineKey } = await client.status();
  const states = new Map<string, string>();
  let said: readonly string[] = [];
  let resting: NodeJS.Timeout | undefined;

  const say = (...sentences: string[]): void => void terminal.say(...sentences).catch(() => undefined);

  const readScreen = (all: boolean): void => {
    const lines = screenText(model.selected);
    const news = all ? lines : lines.filter((line) => !said.includes(line));
    said = lines;
    if (news.length > 0) say(...news.slice(-LINES_MAX).map((line) => `Screen: ${line}`));
    else if (all) say('Nothing is on the technician’s screen.');
  };

  const model = new WatchModel({
    onChange: () => {
      clearTimeout(resting);
      resting = setTimeout(() => readScreen(false), REST_MS);
    },
    onSession: ({ view }) => {
      const words = `${whoIs(view.technician)}: ${stateInWords(view)}. Can ${scopesInWords(view.scopes)}.`;
      if (states.get(view.id) !== words) say(words);
      states.set(view.id, words);
    },
    onLine: (_, line) => say(line),
    onReceipt: (_, note) => say('RECEIPT.', ...openReceipt(note, machineKey).sentences),
  });

  const attempt = (action: () => Promise<unknown>): void => void action().catch((error) => say(sentenceOf(error)));
  const change = (what: Change, words: readonly string[]): void => {
    const view = model.selected?.view;
    if (view === undefined || view.state === 'ended') say('Nobody is connected.');
    else if (words.length === 0) say(`Type ${what} and one of: ${listed(changeable(what, view))}.`);
    else attempt(async () => client[what](view.id, readPermissions(words)));
  };

  const command = (line: string): void => {
    const [word = '', ...rest] = line.split(' ');
    const id = model.selected?.view.id ?? null;
    if (word === 'quit') done.resolve('closed');
    else if (word === 'screen') readScreen(true);
    else if (word === 'pause' || word === 'resume' || word === 'end') attempt(() => client[word](id));
    else if (word === 'withdraw' || word === 'allow') change(word, rest);
    else if (word === 'say' && rest.length > 0)
      attempt(async () => say(saidInWords(await client.say(id, rest.join(' ')))));
    else if (word === 'status') say(...(model.live.length === 0 ? ['Nobody is connected.'] : states.values()));
    else if (word !== '') say(HELP);
  };

  using terminal = new PlainConsole({
    onLine: command,
    onSpoilt: () => undefined, // nothing is asked here
    onCancel: () => done.resolve('closed'),
    onGone: () => done.resolve('closed'),
    onResumed: () => undefined,
  });
  void client.closed.then(() => done.resolve('daemon lost'));
  try {
    say(`Watching ${machine.name}. ${HELP}`);
    await client.watch(model);
    if (model.live.length === 0) say('Nobody is connected.');
    return await done.promise;
  } finally {
    clearTimeout(resting);
  }
}

function listed(scopes: readonly Scope[]): string {
  return scopes.map((scope) => `${numberOf(scope)} ${scopesInWords([scope])}`).join(', ') || 'nothing';
}

function screenText(session: WatchedSession | null): string[] {
  const frame = session?.shell === null ? undefined : session?.shells.get(session.shell);
  return frame?.lines.map((line) => unstyled(line).trimEnd()).filter((line) => line !== '') ?? [];
}
