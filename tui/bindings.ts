// Every key of the dashboard: the screens act on this table, and the key bar and the help are made from it.

/** Where a binding works; a screen may have several places at once. */
export const PLACES = {
  everywhere: 'Everywhere',
  help: 'In this help',
  list: 'In lists and texts',
  home: 'Start screen',
  form: 'Forms',
  waiting: 'Waiting for an answer',
  question: 'Questions',
  session: 'In a session',
  ended: 'After the session ended',
  shell: 'Keyboard in the shell',
  shellGone: 'The shell is closed',
  shellTab: 'Shell tab, keyboard in Chaperone',
  diagnostics: 'Diagnostics tab',
  running: 'While a diagnostic runs',
  result: 'After a diagnostic ran',
  vitals: 'Vitals tab',
  chat: 'Chat tab',
  ask: 'Ask tab',
  message: 'Writing to the local user',
  note: 'Writing a note',
  entry: 'Writing a line',
  receipt: 'Receipt',
  record: 'A past session',
  replay: 'Replay',
} as const;

export type Place = keyof typeof PLACES;

export interface Binding {
  readonly id: string;
  readonly where: Place;
  /** Names as in terminal/keys.ts; any of them. */
  readonly keys: readonly string[];
  /** What it does, in a few words. */
  readonly words: string;
  /** Lower stands earlier in the key bar; absent: only in the help. */
  readonly bar?: number;
}

const TABLE = [
  { id: 'help', where: 'everywhere', keys: ['?', 'f1'], words: 'keys', bar: 25 },
  { id: 'suspend', where: 'everywhere', keys: ['ctrl+z'], words: 'suspend, back with fg' },
  { id: 'quit', where: 'everywhere', keys: ['ctrl+c'], words: 'leave Chaperone' },

  { id: 'help.close', where: 'help', keys: ['esc', 'q', '?', 'f1', 'enter'], words: 'close', bar: 10 },

  { id: 'list.up', where: 'list', keys: ['up', 'k'], words: 'up' },
  { id: 'list.down', where: 'list', keys: ['down', 'j'], words: 'down' },
  { id: 'list.pageUp', where: 'list', keys: ['pageup'], words: 'a page up' },
  { id: 'list.pageDown', where: 'list', keys: ['pagedown'], words: 'a page down' },
  { id: 'list.first', where: 'list', keys: ['home', 'g'], words: 'to the first' },
  { id: 'list.last', where: 'list', keys: ['end', 'G'], words: 'to the last' },

  { id: 'home.open', where: 'home', keys: ['enter'], words: 'open', bar: 10 },
  { id: 'home.connect', where: 'home', keys: ['n', 'c'], words: 'new session', bar: 20 },
  {
    id: 'home.switch',
    where: 'home',
    keys: ['tab', 'shift+tab', 'left', 'right'],
    words: 'machines / sessions',
    bar: 30,
  },
  { id: 'home.quit', where: 'home', keys: ['q'], words: 'quit', bar: 80 },

  { id: 'form.next', where: 'form', keys: ['tab', 'down'], words: 'next', bar: 20 },
  { id: 'form.previous', where: 'form', keys: ['shift+tab', 'up'], words: 'previous' },
  { id: 'form.submit', where: 'form', keys: ['enter'], words: 'go on', bar: 10 },
  { id: 'form.toggle', where: 'form', keys: ['space'], words: 'tick or untick', bar: 30 },
  { id: 'form.cancel', where: 'form', keys: ['esc'], words: 'back', bar: 40 },
  { id: 'form.clear', where: 'form', keys: ['ctrl+u'], words: 'empty the field' },

  { id: 'waiting.cancel', where: 'waiting', keys: ['esc', 'c'], words: 'withdraw the request', bar: 10 },

  { id: 'question.yes', where: 'question', keys: ['y'], words: 'yes', bar: 10 },
  { id: 'question.no', where: 'question', keys: ['n', 'esc'], words: 'no', bar: 20 },

  { id: 'session.end', where: 'session', keys: ['e'], words: 'end session', bar: 30 },
  { id: 'session.next', where: 'session', keys: ['tab', 'right'], words: 'next tab', bar: 40 },
  { id: 'session.previous', where: 'session', keys: ['shift+tab', 'left'], words: 'previous tab' },
  { id: 'session.tab1', where: 'session', keys: ['1'], words: 'Shell' },
  { id: 'session.tab2', where: 'session', keys: ['2'], words: 'Diagnostics' },
  { id: 'session.tab3', where: 'session', keys: ['3'], words: 'Vitals' },
  { id: 'session.tab4', where: 'session', keys: ['4'], words: 'Audit' },
  { id: 'session.tab5', where: 'session', keys: ['5'], words: 'Chat' },
  { id: 'session.tab6', where: 'session', keys: ['6'], words: 'Ask' },

  { id: 'ended.receipt', where: 'ended', keys: ['enter', 'esc', 'q'], words: 'show the receipt', bar: 10 },

  { id: 'shell.leave', where: 'shell', keys: ['ctrl+]'], words: 'leave the shell', bar: 10 },

  { id: 'shellGone.again', where: 'shellGone', keys: ['enter'], words: 'open a new shell', bar: 10 },
  { id: 'shellGone.leave', where: 'shellGone', keys: ['ctrl+]'], words: 'leave it', bar: 20 },

  { id: 'shellTab.enter', where: 'shellTab', keys: ['enter'], words: 'type in the shell', bar: 10 },
  { id: 'shellTab.literal', where: 'shellTab', keys: ['ctrl+]'], words: 'send this key to the shell' },
  { id: 'shellTab.back', where: 'shellTab', keys: ['pageup'], words: 'look back', bar: 50 },
  { id: 'shellTab.forth', where: 'shellTab', keys: ['pagedown'], words: 'look forward' },

  { id: 'diagnostics.run', where: 'diagnostics', keys: ['enter'], words: 'run', bar: 10 },
  { id: 'running.cancel', where: 'running', keys: ['x', 'esc'], words: 'cancel', bar: 10 },
  { id: 'result.back', where: 'result', keys: ['esc'], words: 'to the list', bar: 10 },
  { id: 'result.again', where: 'result', keys: ['enter'], words: 'run again', bar: 20 },

  { id: 'vitals.next', where: 'vitals', keys: ['down', 'j', 'space'], words: 'next chart', bar: 10 },
  { id: 'vitals.previous', where: 'vitals', keys: ['up', 'k'], words: 'previous chart' },

  { id: 'chat.write', where: 'chat', keys: ['enter'], words: 'write to the local user', bar: 10 },
  { id: 'chat.note', where: 'chat', keys: ['n'], words: 'note for the record', bar: 20 },

  { id: 'message.done', where: 'message', keys: ['enter'], words: 'send', bar: 10 },
  { id: 'message.other', where: 'message', keys: ['tab', 'shift+tab'], words: 'a note instead', bar: 20 },
  { id: 'message.cancel', where: 'message', keys: ['esc'], words: 'leave the field', bar: 15 },
  { id: 'note.done', where: 'note', keys: ['enter'], words: 'put it in the record', bar: 10 },
  { id: 'note.other', where: 'note', keys: ['tab', 'shift+tab'], words: 'a message instead', bar: 20 },
  { id: 'note.cancel', where: 'note', keys: ['esc'], words: 'leave the field', bar: 15 },

  { id: 'ask.command', where: 'ask', keys: ['enter'], words: 'suggest a command', bar: 10 },
  { id: 'ask.scopes', where: 'ask', keys: ['m'], words: 'ask for more', bar: 20 },
  { id: 'ask.restart', where: 'ask', keys: ['b'], words: 'prepare a restart' },
  { id: 'ask.cancel', where: 'ask', keys: ['x'], words: 'withdraw or stop', bar: 35 },

  { id: 'entry.done', where: 'entry', keys: ['enter'], words: 'go on', bar: 10 },
  { id: 'entry.cancel', where: 'entry', keys: ['esc'], words: 'back', bar: 20 },

  { id: 'receipt.close', where: 'receipt', keys: ['enter', 'esc', 'q'], words: 'close', bar: 10 },

  { id: 'record.replay', where: 'record', keys: ['r', 'enter'], words: 'replay', bar: 10 },
  { id: 'record.other', where: 'record', keys: ['tab'], words: 'receipt / audit', bar: 20 },
  { id: 'record.nextRecording', where: 'record', keys: ['n'], words: 'next recording' },
  { id: 'record.close', where: 'record', keys: ['esc', 'q'], words: 'back', bar: 30 },

  { id: 'replay.pause', where: 'replay', keys: ['space', 'p'], words: 'pause', bar: 10 },
  { id: 'replay.forth', where: 'replay', keys: ['right', 'l'], words: '5 s on', bar: 20 },
  { id: 'replay.back', where: 'replay', keys: ['left', 'h'], words: '5 s back', bar: 25 },
  { id: 'replay.minuteForth', where: 'replay', keys: ['pagedown'], words: '1 min on' },
  { id: 'replay.minuteBack', where: 'replay', keys: ['pageup'], words: '1 min back' },
  { id: 'replay.faster', where: 'replay', keys: ['up', '+'], words: 'faster', bar: 30 },
  { id: 'replay.slower', where: 'replay', keys: ['down', '-'], words: 'slower', bar: 35 },
  { id: 'replay.nextMarker', where: 'replay', keys: [']', 'm'], words: 'next marker' },
  { id: 'replay.previousMarker', where: 'replay', keys: ['['], words: 'previous marker' },
  { id: 'replay.start', where: 'replay', keys: ['home', '0'], words: 'to the start' },
  { id: 'replay.end', where: 'replay', keys: ['end'], words: 'to the end' },
  { id: 'replay.close', where: 'replay', keys: ['esc', 'q'], words: 'close', bar: 40 },
] as const satisfies readonly Binding[];

export const BINDINGS: readonly Binding[] = TABLE;

export type BindingId = (typeof TABLE)[number]['id'];
/** The bindings of one place. */
export type BindingOf<P extends Place> = Extract<(typeof TABLE)[number], { where: P }>['id'];

const SIGNS: Readonly<Record<string, string>> = {
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  'shift+tab': 'Shift-Tab',
};

/** A key's name as people write it: `ctrl+]` is `Ctrl-]`. */
export function keyLabel(name: string): string {
  const sign = SIGNS[name];
  if (sign !== undefined) return sign;
  if (name.startsWith('ctrl+')) return `Ctrl-${name.slice(5).toUpperCase()}`;
  return /^f\d+$/.test(name) ? name.toUpperCase() : name;
}

/** What of `places` stands in the key bar, most important first; not what is `idle`: it would do nothing now. */
export function keyBar(
  places: readonly Place[],
  idle: readonly BindingId[] = [],
): readonly { readonly key: string; readonly words: string }[] {
  const left: readonly string[] = idle;
  return BINDINGS.filter(({ id, where, bar }) => bar !== undefined && places.includes(where) && !left.includes(id))
    .sort((one, other) => (one.bar ?? 0) - (other.bar ?? 0))
    .map(({ keys, words }) => ({ key: keyLabel(keys[0] ?? ''), words }));
}

/** What a key means in a place, or undefined. */
export function bindingFor(place: Place, key: string): BindingId | undefined {
  return TABLE.find(({ where, keys }) => where === place && (keys as readonly string[]).includes(key))?.id;
}
