// "Similar commands for this session": which later commands an approval covers. Only what reads, argv against argv.

import { posix } from 'node:path';
import type { Verdict } from './classify.ts';
import type { ParsedCommand } from './parse-command.ts';
import { type RiskRow, SYSTEM_FOLDERS } from './risk-table.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,100}$/; // of a service, a printer, a host, a file

/** One entry per word: the word itself, any name, or any file of one folder. */
export type CommandForm = readonly (
  | { readonly word: string }
  | { readonly any: 'name' }
  | { readonly any: 'file'; readonly folder: string }
)[];

/** The form of a command, or null when nothing similar may run unasked. */
export function formOf({ how, argv }: ParsedCommand, { risk, row }: Verdict): CommandForm | null {
  if (how !== 'program' || risk !== 'reads') {
    return null;
  }
  const skip = row?.only === undefined ? 1 : 2; // the program, and the word that says what it does
  let operands = 0;
  const form = argv.map((word, index): CommandForm[number] => {
    if (index === 0 || word.startsWith('-')) {
      return { word };
    }
    operands += 1;
    if (operands < skip) {
      return { word };
    }
    if (row?.operands === 'names' && NAME.test(word) && !mayBelongTo(argv[index - 1] ?? '', row)) {
      return { any: 'name' };
    }
    const folder = systemFolder(word);
    return row?.operands === 'files' && folder !== null ? { any: 'file', folder } : { word };
  });
  return form;
}

/** Whether `former` is an option that may take the next word for itself: another number there is another command. */
function mayBelongTo(former: string, row: RiskRow): boolean {
  return former.startsWith('-') && row.before?.split(' ').includes(former) !== true;
}

/** Whether a command that reads has this form. */
export function hasForm(form: CommandForm, { how, argv }: ParsedCommand, { risk }: Verdict): boolean {
  return (
    how === 'program' &&
    risk === 'reads' &&
    argv.length === form.length &&
    form.every((part, index) => {
      const word = argv[index] ?? '';
      if ('word' in part) return word === part.word;
      return part.any === 'name' ? NAME.test(word) : systemFolder(word) === part.folder;
    })
  );
}

/** As the person reads it: `systemctl status (any name)`. */
export function formInWords(form: CommandForm): string {
  return form
    .map((part) => {
      if ('word' in part) return part.word;
      return part.any === 'name' ? '(any name)' : `(any file in ${part.folder})`;
    })
    .join(' ');
}

/** The folder of a plain file name below a folder of the system. */
function systemFolder(word: string): string | null {
  if (!word.startsWith('/') || posix.normalize(word) !== word || !NAME.test(posix.basename(word))) {
    return null;
  }
  const folder = posix.dirname(word);
  return SYSTEM_FOLDERS.some((known) => folder === known || folder.startsWith(`${known}/`)) ? folder : null;
}
