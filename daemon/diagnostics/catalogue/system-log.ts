// What the system itself wrote down lately: the journal, else the log file, else the kernel's own messages.

import { z } from 'zod';
import { count, moment } from '../amounts.ts';
import { type Diagnostic, type DiagnosticContext, DiagnosticUnavailable, integerOf, textOf } from '../diagnostic.ts';
import type { ProgramAnswer } from '../probe.ts';

const LOG_FILES = ['/var/log/syslog', '/var/log/messages'];
const TAIL_BYTES = 512 * 1024;
const JOURNAL_BYTES = 4 * 1024 * 1024; // JSON is several times the text
const ERROR_PRIORITY = 3; // syslog(3): 0 emergency … 3 error, 4 warning … 7 debug
const SINCE = { '15m': '-15min', '1h': '-1h', '1d': '-24h', '7d': '-7d' } as const;
const SINCE_START = 'boot';
const PRIORITY = { all: '7', warnings: '4', errors: '3' } as const;

export const systemLog: Diagnostic = {
  descriptor: {
    id: 'system-log',
    title: 'Recent system log',
    purpose:
      'Shows the latest messages that the system and its services wrote down. Such messages can hold names of people or files.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [
      {
        kind: 'integer',
        name: 'lines',
        title: 'Lines',
        required: false,
        default: 100,
        min: 1,
        max: 500,
        hint: 'how many of the latest messages, 1 to 500',
      },
      {
        kind: 'choice',
        name: 'since',
        title: 'Since',
        required: false,
        default: '1d',
        choices: [...Object.keys(SINCE), SINCE_START],
        hint: 'how far back to look: 15m, 1h, 1d, 7d, or boot for since the computer started',
      },
      {
        kind: 'choice',
        name: 'level',
        title: 'Level',
        required: false,
        default: 'all',
        choices: Object.keys(PRIORITY),
        hint: 'how serious a message must be: all, warnings (and errors), or errors',
      },
    ],
    timeoutMs: 30_000,
    streams: false,
  },
  async run(context) {
    const lines = integerOf(context.parameters, 'lines') ?? 100;
    const messages = await readJournal(context, lines);
    if (messages.length > 0) return show(context, 'Journal', messages);
    for (const path of LOG_FILES) {
      const tail = await context.probe.readTail(path, TAIL_BYTES);
      if (tail !== undefined && tail.trim() !== '') return showText(context, path, tail, lines);
    }
    const kernel = await context.probe.run(['dmesg', '--ctime', '--nopager', '--color=never']).catch(() => undefined);
    if (kernel?.code === 0 && kernel.out.trim() !== '') {
      return showText(context, 'Kernel messages (the system keeps no other log)', kernel.out, lines);
    }
    throw new DiagnosticUnavailable(
      'no system log can be read: the journal is empty or closed to this user, there is no log file, and the kernel log needs administrator rights',
    );
  },
};

const JournalEntry = z.object({
  __REALTIME_TIMESTAMP: z.string().regex(/^\d{1,17}$/),
  PRIORITY: z.string().optional(),
  SYSLOG_IDENTIFIER: z.string().optional(),
  _COMM: z.string().optional(),
  /** Bytes when the message is not printable UTF-8; null when it was too large for JSON. */
  MESSAGE: z.union([z.string(), z.array(z.int().min(0).max(255)), z.null()]).optional(),
});

interface Message {
  readonly time: number;
  readonly source: string;
  readonly priority: number;
  readonly text: string;
}

async function readJournal({ probe, parameters }: DiagnosticContext, lines: number): Promise<Message[]> {
  const since = textOf(parameters, 'since') ?? '1d';
  const level = textOf(parameters, 'level') ?? 'all';
  const from = Object.entries(SINCE).find(([words]) => words === since)?.[1];
  const priority = Object.entries(PRIORITY).find(([words]) => words === level)?.[1] ?? '7';
  const answer: ProgramAnswer | undefined = await probe
    .run(
      [
        'journalctl',
        '--quiet',
        '--no-pager',
        '--output=json',
        '--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM',
        `--lines=${lines}`,
        `--priority=${priority}`,
        from === undefined ? '--boot' : `--since=${from}`,
      ],
      { maxOutputBytes: JOURNAL_BYTES },
    )
    .catch(() => undefined); // without systemd there is no journal: the next source is asked
  return (answer?.out ?? '').split('\n').flatMap((line) => parseEntry(line) ?? []);
}

/** One line of `journalctl --output=json`; anything else is skipped. */
export function parseEntry(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return undefined; // the output was cut within this line
  }
  const entry = JournalEntry.safeParse(raw).data;
  if (entry === undefined) return undefined;
  const text = entry.MESSAGE ?? '';
  return {
    time: Number(entry.__REALTIME_TIMESTAMP) / 1000,
    source: entry.SYSLOG_IDENTIFIER ?? entry._COMM ?? 'unknown',
    priority: Number(entry.PRIORITY ?? 6),
    text: typeof text === 'string' ? text : Buffer.from(text).toString('utf8'),
  };
}

async function show({ emit }: DiagnosticContext, title: string, messages: readonly Message[]): Promise<string> {
  const isError = (message: Message) => message.priority <= ERROR_PRIORITY;
  await emit({
    kind: 'table',
    title,
    columns: [
      { key: 'time', title: 'Time' },
      { key: 'source', title: 'From' },
      { key: 'level', title: 'Level' },
      { key: 'message', title: 'Message' },
    ],
    rows: messages.map((message) => [moment(message.time), message.source, levelWord(message.priority), message.text]),
    attention: messages.flatMap((message, row) => (isError(message) ? [row] : [])),
  });
  const errors = messages.filter(isError);
  if (errors.length === 0) return `${count(messages.length, 'message')}, no errors`;
  const [source, times] = mostFrequent(errors.map((message) => message.source));
  return `${count(messages.length, 'message')}, ${count(errors.length, 'error')}, most from ${source} (${times})`;
}

async function showText({ emit }: DiagnosticContext, title: string, text: string, lines: number): Promise<string> {
  const last = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines);
  await emit({ kind: 'text', title, text: last.join('\n') });
  return `the last ${count(last.length, 'line')}; time and level cannot be chosen here, because there is no journal`;
}

function levelWord(priority: number): string {
  if (priority <= ERROR_PRIORITY) return 'error';
  return priority === 4 ? 'warning' : 'note';
}

function mostFrequent(words: readonly string[]): [string, number] {
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return [...times].sort((one, other) => other[1] - one[1])[0] ?? ['unknown', 0];
}
