// A technician's way through the dashboard, in a real terminal.

import { expect, it } from 'vitest';
import type { TmuxWindow } from '../prompt/tmux-window.ts';
import { describeWith, requires } from '../requires.ts';
import { DeskWindow, frameOf, PROMPT } from './desk-window.ts';

const PLACED_MS = 20_000; // for the cursor, on a slow, busy machine

/** Enter shows it, once the key bar says so: keys meant for the shell must not close what has just appeared. */
async function receiptOf(window: TmuxWindow): Promise<string> {
  await window.until('The session is over');
  await window.until(/Enter show the receipt$/);
  window.press('Enter');
  return window.until('Signed by the machine');
}

describeWith('tmux', 'a session from the start screen to the receipt', () => {
  it.each([
    [60, 15],
    [120, 40],
  ])('can be done at %i×%i', async (cols, rows) => {
    await using desk = await DeskWindow.open({ cols, rows });
    const { window } = desk;
    await window.until('front-desk-2');
    window.press('Enter');
    await window.until('Ask the person');
    window.type('27-harbor-violet');
    window.press('Tab');
    window.type('the printer is silent');
    window.press('Tab');
    window.type('T-9');
    window.press('Tab', 'Down', 'Down', 'Space');
    await window.until(/\[x\] Type commands/);
    window.press('Down', 'Down', 'Enter');
    await window.until([
      'Waiting for the person at front-desk-2',
      /\b(?:1:00|0:[0-5]\d)\b/,
      'Reason: the printer is silent',
    ]);
    await desk.deed('allow');
    const banner = /LIVE front-desk-2 \(482 913 077\).*left\n.*diagnostics, shell.*HIPAA · recorded\n/;
    await window.until(
      (text) => PROMPT.test(text) && banner.test(frameOf(text)) && /Ctrl-\] leave the shell$/.test(frameOf(text)),
    );
    window.type('echo $((6*7)) 漢字');
    window.press('Enter');
    await window.until(/^42 漢字$/m);
    window.press('C-]');
    await window.until('type in the shell');
    window.press('e');
    await window.until('End the session?');
    await window.until('y  end it');
    window.press('y');
    expect(await receiptOf(window)).toContain('You have ended the session.');
    window.press('Enter');
    await window.until('Machines (2)');
    window.press('q');
    expect(await window.until('exit status')).toMatch(/exit status 0, *\nicanon|exit status 0, icanon/);
  });

  it('says in words why nothing came of it, and keeps the form', async () => {
    await using desk = await DeskWindow.open();
    const { window } = desk;
    await window.until('front-desk-2');
    window.press('n');
    await window.until('Ask the person');
    window.type('482 913 077');
    window.press('Enter', 'Enter');
    window.type('why');
    window.press('Tab');
    window.type('T-1');
    window.press('Tab', 'Up');
    window.press('Tab', 'Tab', 'Tab', 'Tab', 'Tab');
    window.press('Enter');
    await window.until('asks for its one-time code');
    window.type('wrong');
    window.press('Enter');
    await window.until('a code looks like');
    window.press('C-u');
    window.type('11-wrong-code');
    window.press('Enter');
    await window.until('not right (2 left');
    window.type('27-harbor-violet');
    window.press('Enter');
    await window.until('Waiting for the person');
    await desk.deed('deny');
    const form = await window.until('The local user denied the request');
    expect(form).toMatch(/Reason +why/);
    window.press('Escape');
    await window.until('Machines');
  });

  it('withdraws a request on Esc', async () => {
    await using desk = await DeskWindow.open();
    const { window } = desk;
    await window.until('front-desk-2');
    window.press('Enter');
    await window.until('Ask the person');
    window.type('27-harbor-violet');
    window.press('Tab');
    window.type('why');
    window.press('Tab');
    window.type('T-1');
    window.press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Enter');
    await window.until('Waiting for the person');
    window.press('Escape');
    await window.until('You have withdrawn the request');
  });
});

describeWith('tmux', 'the framed shell', () => {
  it.runIf(requires(['vim', 'less']))('runs vim and less inside its frame, through resizes', async () => {
    await using desk = await DeskWindow.inShell({ cols: 80, rows: 24 });
    const { window } = desk;
    const file = desk.file('numbers');
    window.type(`seq 200 > ${file}; clear; vim -u NONE -N ${file}`);
    window.press('Enter');
    await window.until(/^19$/m);
    window.press('G');
    await window.until(/^200$/m);
    window.resize(60, 15);
    await window.until((text) => /^200$/m.test(text) && /LIVE front-desk-2[\s\S]*leave the shell$/.test(frameOf(text)));
    window.resize(120, 40);
    await window.until((text) => /^200$/m.test(text) && text.split('\n').length === 40 && /^170$/m.test(text));
    window.press('g', 'g', 'A');
    window.type(' first 漢字');
    window.press('Escape');
    await window.until(/^1 first 漢字$/m);
    window.type(':q!');
    window.press('Enter');
    await window.until(PROMPT);
    window.type(`less ${file}`);
    window.press('Enter');
    await window.until(/^35$/m);
    window.press('Down', 'Down', 'Down');
    const scrolled = await window.until(/^38$/m);
    expect(scrolled).not.toMatch(/^3$/m);
    window.press('q');
  });

  it('has the real cursor where the remote one is', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    window.type('echo abc');
    await window.until(/[#$] echo abc$/m);
    const cursor = () => [window.flag('cursor_flag'), window.flag('cursor_x'), window.flag('cursor_y')];
    await expect.poll(cursor, { timeout: PLACED_MS }).toEqual(['1', '10', '3']); // it is placed behind the text
    window.press('C-]');
    await window.until('type in the shell');
    await expect.poll(() => window.flag('cursor_flag'), { timeout: PLACED_MS }).toBe('0');
  });

  it('hands a paste through in brackets only when the shell asked for them', async () => {
    await using desk = await DeskWindow.inShell({ shell: ['cat', '-v'] });
    const { window } = desk;
    window.paste('one\ntwo\n');
    const plain = await window.until(/two\none\ntwo|one\none\ntwo/);
    expect(plain).not.toContain('[200~');
    await using asked = await DeskWindow.inShell({ shell: ['sh', '-c', 'printf "\\033[?2004hready\\n"; exec cat -v'] });
    await asked.window.until('ready');
    asked.window.paste('three');
    await asked.window.until('^[[200~three^[[201~');
  });

  it('sends arrows in the mode that the remote program asked for', async () => {
    await using desk = await DeskWindow.inShell({
      shell: ['sh', '-c', 'stty raw -echo; printf "\\033[?1hready\\r\\n"; exec cat -v'],
    });
    await desk.window.until('ready');
    desk.window.press('Up', 'Left', 'F5');
    await desk.window.until('^[OA^[OD^[[15~');
  });

  it('is left with one key in the middle of a flood, and is right afterwards', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    window.type('while :; do echo $((n++)) some flood; done');
    window.press('Enter');
    await window.until(/\d{4} some flood/);
    window.press('C-]');
    await window.until('type in the shell');
    window.press('4');
    await window.until('a shell was opened');
    window.press('1');
    await window.until('leave the shell');
    window.press('C-c');
    window.type('echo over');
    window.press('Enter');
    await window.until(/^over$/m);
  });

  it('sends the reserved key itself when it is pressed again outside', async () => {
    await using desk = await DeskWindow.inShell({ shell: ['cat', '-v'] });
    desk.window.press('C-]');
    await desk.window.until('type in the shell');
    desk.window.press('C-]');
    desk.window.press('Enter');
    await desk.window.until(/^\^\]/m);
  });

  it('looks back and comes back', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    window.type('seq 100');
    window.press('Enter');
    await window.until(/^100$/m);
    window.press('C-]');
    await window.until('type in the shell');
    window.press('PageUp', 'PageUp');
    await window.until(/\d+ rows back/);
    window.press('Enter');
    window.type('x');
    await window.until(/^[#$] x$/m);
  });

  it('says that it is closed, and opens a new one', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    window.type('exit 3');
    window.press('Enter');
    await window.until('The shell is closed');
    await window.until('exited with status 3');
    window.press('Enter');
    await window.until((text) => PROMPT.test(text) && !text.includes('closed'));
  });
});

describeWith('tmux', 'the local user decides', () => {
  it('paused: nothing is shown or sent, and the screen says so', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    await desk.deed('pause');
    await window.until(['The session is paused', 'Ana has paused the session', /^.*PAUSED/]);
    // The technician goes on typing for a moment: it must act on nothing, here or there.
    window.type('echo secretly && yes');
    window.press('Enter', 'C-]');
    await window.until('e end session'); // so all of it was read during the pause
    await desk.deed('resume');
    await window.until((text) => text.includes('LIVE') && !text.includes('is paused'));
    window.press('Enter');
    await window.until('leave the shell');
    window.type('echo openly');
    window.press('Enter');
    expect(await window.until(/^openly$/m)).not.toContain('secretly');
  });

  it('ended: the technician is told, nothing more is drawn, the receipt follows', async () => {
    await using desk = await DeskWindow.inShell({ cols: 60, rows: 15 });
    const { window } = desk;
    window.type('yes');
    window.press('Enter');
    await window.until(/^y$/m);
    await desk.deed('end');
    await window.until(['The session is over', 'Ana has ended the session', /^.*ENDED/]);
    await receiptOf(window);
  });

  it('says something: it stands in the Chat tab, made harmless', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    window.press('C-]');
    await window.until('type in the shell');
    window.press('5');
    await window.until('leave the field');
    await desk.deed('say the printer is on');
    await window.until('the printer is on');
    window.type('thank you');
    window.press('Enter');
    await window.until(/you +thank you/);
  });
});

describeWith('tmux', 'letters in the Chat tab', () => {
  it('are text from the first one on: none of them ends the session or makes a note', async () => {
    await using desk = await DeskWindow.inShell();
    const { window } = desk;
    window.press('C-]');
    await window.until('type in the shell');
    window.type('5hey, no? 1 moment');
    await window.until('To the local user: hey, no? 1 moment');
    expect(frameOf(window.text())).toMatch(/Enter send {2}Esc leave the field {2}Tab a note instead$/);
    window.press('Enter');
    await window.until(/you +hey, no\? 1 moment/);
  });

  it('become a note for the record after Tab, and keep what was typed when the field is left', async () => {
    await using desk = await DeskWindow.onTab('5');
    const { window } = desk;
    await window.until('leave the field');
    window.press('Tab');
    window.type('seen by me');
    await window.until('Note for the record: seen by me');
    expect(frameOf(window.text())).toMatch(/Enter put it in the record/);
    window.press('Escape');
    await window.until('write to the local user');
    window.press('n');
    await window.until('leave the field');
    expect(window.text()).toContain('Note for the record: seen by me');
    window.press('Enter');
    await window.until('The note is in the record.');
  });

  it('that answer the question whether to end count only when there was time to read it', async () => {
    await using desk = await DeskWindow.onTab('4');
    const { window } = desk;
    await window.until('a session began');
    window.type('ey');
    await window.until('y  end it');
    expect(frameOf(window.text())).toContain('LIVE');
  });
});
