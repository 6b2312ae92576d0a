// The question on macOS, in JavaScript for Automation. Not yet run on a real computer.
//
// The list's own OK is its default, so consent takes two windows as with zenity: the list ticks, the alert asks, and
// there Return means no.

import type { QuestionData } from './question-data.ts';

/** Program and arguments; `data` is the last argument, which the script reads as JSON. */
export function macCommand(data: QuestionData): readonly string[] {
  return ['/usr/bin/osascript', '-l', 'JavaScript', '-e', SCRIPT, '--', JSON.stringify(data)];
}

const SCRIPT = `
ObjC.import('Foundation');
function say(line) {
  const text = $.NSString.alloc.initWithUTF8String(JSON.stringify(line) + '\\n');
  $.NSFileHandle.fileHandleWithStandardOutput.writeData(text.dataUsingEncoding($.NSUTF8StringEncoding));
}
function run(argv) {
  const data = JSON.parse(argv[0]);
  const app = Application.currentApplication();
  app.includeStandardAdditions = true;
  app.activate();
  const labels = data.choices.map((choice, index) => (index + 1) + '. ' + choice.label);
  const before = labels.filter((_, index) => data.choices[index].ticked);
  say({ event: 'shown' });
  const chosen = app.chooseFromList(labels, {
    withTitle: data.title, withPrompt: data.text, defaultItems: before,
    okButtonName: 'Go on', cancelButtonName: 'Do not allow',
    multipleSelectionsAllowed: true, emptySelectionAllowed: false,
  });
  if (chosen === false) { say({ event: 'deny' }); return; }
  const start = Date.now();
  try {
    const answer = app.displayDialog('Allow this?\\n\\n' + chosen.join('\\n'), {
      withTitle: data.title, buttons: ['Do not allow', 'Allow'],
      defaultButton: 'Do not allow', cancelButton: 'Do not allow', givingUpAfter: data.seconds,
    });
    const allowed = answer.buttonReturned === 'Allow' && !answer.gaveUp && Date.now() - start >= data.armsAfterMs;
    say(allowed ? { event: 'allow', ticked: chosen.map((label) => labels.indexOf(label)) } : { event: 'deny' });
  } catch (error) {
    say({ event: 'deny' });
  }
}
`;
