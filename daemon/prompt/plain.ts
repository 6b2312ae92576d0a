// The prompt line by line: the same model, read aloud and answered with words.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { orderScopes } from '../../protocol/scopes.ts';
import type { LocalClient } from '../local/client.ts';
import { PlainConsole } from '../terminal/plain-console.ts';
import { commandSentences } from './command-words.ts';
import { PromptModel } from './model.ts';
import { ownAddresses } from './own-addresses.ts';
import { confirmWords, menuWords, type PermissionMenu } from './permission-menu.ts';
import { type QuestionState, toggle } from './question-state.ts';
import { questionSentences } from './question-words.ts';
import { addressInWords, inFours, lengthInWords, scopesInWords, timeOfDay, whoIs } from './words.ts';

const NO_RECEIPT: readonly string[] = [];
const REMINDERS_MS = [30_000, 10_000]; // of the time left to answer
const HELP =
  'You can type: code, new (a new code), fingerprint, status, say and your words, pause, resume, end, withdraw (take a permission back), allow, quit.';
const COMMAND_ANSWERS =
  'Type run and press Enter to run it, no to refuse, change and your own version, or again to hear it again.';
const ANSWERS =
  'Type allow and press Enter to let them in, or deny to refuse. A number changes yes to no. Type again to hear the question again.';
const SPOILT = 'Please type it again: a line begun before this could be heard does not count.';
const TOO_EARLY = 'One moment: please hear the question first. What you typed does not count.';

/** Runs until the person quits, the terminal goes away, or the daemon does. Resolves with why. */
export async function runPlainPrompt(client: LocalClient): Promise<'closed' | 'daemon lost'> {
  const done = Promise.withResolvers<'closed' | 'daemon lost'>();
  let told = { code: '', sessions: '', news: '', lines: 0, receipt: NO_RECEIPT };
  let reminders: NodeJS.Timeout[] = [];

  const tellNews = (): void => {
    const { code, sessions, news, seen } = model;
    const present = sessions.map(({ id, state }) => `${id} ${state === 'paused'}`).join();
    for (const { line } of seen.since(told.lines)) say(line);
    if (news !== told.news && news !== '') say(news);
    if (present !== told.sessions) say(...sessionSentences(model));
    const receipt = model.receipt.sentences ?? NO_RECEIPT;
    if (receipt !== told.receipt) say('RECEIPT.', ...receipt);
    if (code !== null && code.code !== told.code) say(codeSentence(model));
    told = { code: code?.code ?? '', sessions: present, news, lines: seen.total, receipt };
  };

  const sentences = (): string[] => {
    const { question, command } = model;
    if (command !== null) {
      const similar =
        command.command.similar === null ? [] : ['Type run similar to have those run too without being asked.'];
      return [...commandSentences(command.command), COMMAND_ANSWERS, ...similar];
    }
    return question === null ? [] : [...questionSentences(question), ANSWERS];
  };

  const show = async (): Promise<void> => {
    terminal.discard();
    await terminal.say('', ...sentences());
    const { until = '' } = model.question?.question ?? model.command?.command ?? {};
    const leftMs = Date.parse(until) - Date.now();
    reminders = REMINDERS_MS.filter((ms) => ms < leftMs).map((ms) =>
      setTimeout(() => say(`${lengthInWords(ms)} left to answer.`), leftMs - ms),
    );
  };

  const model = new PromptModel(client, {
    onChange: () => {
      if (model.question === null && model.command === null) tellNews();
    },
    show: async () => {
      await show();
      await terminal.bell();
    },
    showMenu: async (menu, again) => {
      if (!again) await terminal.say(menuSentence(menu));
    },
    onArmed: () => terminal.discard(), // who had begun to type may not have heard the end of it
    onWritten: () => void terminal.bell().catch(() => undefined),
    onOver: () => {
      for (const reminder of reminders) clearTimeout(reminder);
      terminal.discard();
      tellNews();
    },
  });

  const answer = (line: string): void => {
    const state = model.question;
    if (state === null) return;
    const word = line.toLowerCase();
    if (word === 'deny' || word === 'no') model.answer({ allow: false });
    else if (!state.armed) say(TOO_EARLY);
    else if (word === 'again') void terminal.say(...questionSentences(state), ANSWERS);
    else if (word === 'allow' && state.ticked.size === 0) say('Nothing is marked yes. Type a number first, or deny.');
    else if (word === 'allow') model.answer({ allow: true, scopes: orderScopes(state.ticked) });
    else if (/^\d{1,2}$/.test(word)) change(state, Number(word) - 1);
    else say(ANSWERS);
  };

  const change = (state: QuestionState, index: number): void => {
    const offer = state.question.offered[index];
    model.question = toggle(state, index);
    if (offer === undefined) say('There is no such number.');
    else say(`${offer.title}: ${model.question.ticked.has(offer.scope) ? 'yes' : 'no'}.`);
  };

  const answerCommand = (line: string): void => {
    const asked = model.command;
    if (asked === null) return;
    const [word = '', ...rest] = line.split(' ');
    const { digest, similar } = asked.command;
    if (/^(no|deny)$/i.test(line)) model.answerCommand({ answer: 'decline' });
    else if (!asked.armed) say(TOO_EARLY);
    else if (/^again$/i.test(line)) void terminal.say(...sentences());
    else if (/^run$/i.test(line)) model.answerCommand({ answer: 'approve', digest, similar: false });
    else if (/^run similar$/i.test(line) && similar !== null)
      model.answerCommand({ answer: 'approve', digest, similar: true });
    else if (/^change$/i.test(word) && rest.join(' ').trim() !== '')
      model.answerCommand({ answer: 'edit', command: rest.join(' ').trim() });
    else say(COMMAND_ANSWERS);
  };

  /** A choice is confirmed by a word: an empty line is no answer to anything. */
  const menu = ({ chosen, armed }: PermissionMenu, line: string): void => {
    const confirms = chosen !== null && line.toLowerCase() === 'allow';
    if (confirms && !armed) say(TOO_EARLY);
    const changes = model.pressMenu(confirms ? { name: 'enter' } : { name: 'text', text: line });
    if (model.menu === null) say(changes ? 'One moment.' : 'Nothing was changed.');
  };

  const command = (line: string): void => {
    const word = line.toLowerCase();
    if (/^say /i.test(line)) tell(line.slice('say '.length).trim());
    else if (word === 'quit') done.resolve('closed');
    else if (word === 'code') say(codeSentence(model));
    else if (word === 'fingerprint') say(...fingerprintSentences(model));
    else if (word === 'new') void model.newCode();
    else if (word === 'pause' || word === 'resume' || word === 'end') void model.act(word);
    else if (word === 'withdraw' || word === 'allow') {
      model.openMenu(word);
    } else if (word === 'status') say(...sessionSentences(model));
    else if (word !== '') say(HELP);
  };

  const tell = (text: string): void => {
    const to = model.seen.addressee(model.sessions);
    if (to === null) say('Nobody is connected, so nobody can read it.');
    else void model.say(to.id, text);
  };

  using terminal = new PlainConsole({
    onLine: (line) => {
      if (model.question !== null) answer(line);
      else if (model.command !== null) answerCommand(line);
      else if (model.menu !== null) menu(model.menu, line);
      else command(line);
    },
    onSpoilt: () => say(SPOILT),
    onCancel: () => {
      if (model.question !== null) model.answer({ allow: false });
      else if (model.command !== null) model.answerCommand({ answer: 'decline' });
      else done.resolve('closed');
    },
    onGone: () => done.resolve('closed'),
    onResumed: () => model.rearm(),
  });
  const say = (...sentences: string[]): void => void terminal.say(...sentences).catch(() => undefined);
  using _ = model; // disposed before the terminal: what is asked is answered with no
  void client.closed.then(() => done.resolve('daemon lost'));
  const { machine } = await client.status();
  say(`Chaperone on ${machine.name}. Questions appear here. ${HELP}`);
  await model.start(`terminal ${terminal.name}`);
  return await done.promise;
}

function menuSentence(menu: PermissionMenu): string {
  if (menu.chosen === null) return menuWords(menu);
  return `${confirmWords(menu.chosen)} Type allow and press Enter to allow it; anything else does not.`;
}

function fingerprintSentences({ status }: PromptModel): string[] {
  if (status === null) return ['One moment.'];
  return [`The fingerprint of this computer: ${status.hostKey}`, `In fours: ${inFours(status.hostKey)}`];
}

function codeSentence({ code, status }: PromptModel): string {
  if (code === null) return 'One moment.';
  const until = timeOfDay(code.expiresAt);
  const addresses = ownAddresses(status?.listen ?? []);
  return `Read these to your helper on the phone. This computer's number: ${formatConnectionId(code.connectionId)}. One-time code: ${code.code}. It is good until ${until}.${addresses.length === 0 ? '' : ` ${addressInWords(addresses)}.`}`;
}

function sessionSentences({ sessions, trouble }: PromptModel): string[] {
  const lines = sessions.map(
    (session) =>
      `${whoIs(session.technician)} is ${session.state === 'paused' ? `paused (${session.because})` : 'connected'} since ${timeOfDay(session.startedAt)} and can ${scopesInWords(session.scopes)}. Type pause, resume or end.`,
  );
  return [...(trouble === '' ? [] : [trouble]), ...(lines.length === 0 ? ['Nobody is connected.'] : lines)];
}
