// The tabs beside the shell, past sessions and replay, in a real terminal.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { DeskWindow } from './desk-window.ts';

describeWith('tmux', 'diagnostics', () => {
  it.each([
    [60, 15],
    [120, 40],
  ])('are listed, run and shown as tables at %i×%i', async (cols, rows) => {
    await using desk = await DeskWindow.onTab('2', { cols, rows });
    const { window } = desk;
    await window.until(['> Disks', 'Shows how full each disk is']);
    window.press('Enter');
    await window.until(['nearly full', /\/home +373 GiB +363 GiB +98 %/]);
    window.press('Escape');
    await window.until('Only reads on this machine');
  });

  it('ask for their parameters and say what is wrong with them', async () => {
    await using desk = await DeskWindow.onTab('2');
    const { window } = desk;
    await window.until('> Disks');
    window.press('Down', 'Enter');
    await window.until('a name like printer.example');
    await window.until('[ Run ] Enter');
    window.type('no such/host');
    window.press('Enter');
    await window.until('Enter go on');
    await window.until(/cannot be "no\b[\s\S]*such\/host/);
    window.press('C-u');
    window.type('printer');
    window.press('Enter');
    await window.until(/Answers +3 of 3/);
  });

  it('show progress and can be cancelled', async () => {
    await using desk = await DeskWindow.onTab('2');
    const { window } = desk;
    await window.until('> Disks');
    window.press('Down', 'Down', 'Enter');
    await window.until(/looking[\s\S]*█+░+ 40 %/);
    window.press('x');
    await window.until('Cancelled: You');
  });
});

describeWith('tmux', 'vitals and audit', () => {
  it('vitals are charts with a line of words each, at every size', async () => {
    await using desk = await DeskWindow.onTab('3', { cols: 60, rows: 15 });
    const { window } = desk;
    await window.until([/Processor +\d+ % busy/, /[⠁-⣿]/]);
    window.press('Down');
    await window.until(/Memory .*GiB of 15 GiB/);
    window.resize(120, 40);
    const titles = ['Processor', 'Memory', 'Network', 'Disks', 'File systems'];
    await window.until(['fullest: /home 97 %', ...titles.map((title) => ` ${title}  `)]);
    window.press('4');
    await window.until((text) => text.includes('a session began') && !/[⠁-⣿]/.test(text));
  });

  it('the audit trail grows while one looks, with the fields of each event', async () => {
    await using desk = await DeskWindow.onTab('4');
    const { window } = desk;
    await window.until('a shell was opened');
    await desk.deed('pause');
    await window.until('the session was paused: Ana');
    window.press('Down');
    await window.until(/> ?\d\d:\d\d:\d\d +a shell was opened/);
    await window.until('program: bash');
  });
});

describeWith('tmux', 'asking', () => {
  it('for more is a list to tick; a refusal brings it back with what was written', async () => {
    await using desk = await DeskWindow.onTab('6');
    const { window } = desk;
    await window.until('m asks for another permission');
    window.press('m');
    expect(await window.until('May I also have')).not.toContain('[ ] Type commands (shell)');
    await window.until('[ ] Look around (shell.readonly)');
    window.type('e'); // means nothing here, and does not end the session
    window.press('Enter');
    await window.until('Space ticks one');
    window.press('Space', 'Enter');
    await window.until('[x] Look around');
    window.type('because');
    window.press('Enter');
    await window.until(['does not allow this to a technician', '[x] Look around', /understands: because/]);
    window.type(' I must');
    await window.until((text) => text.includes('because I must') && !text.includes('does not allow'));
    window.press('Enter');
    await window.until('allowed: Ana allowed it');
  });

  it('for a command needs the permission, and keeps it until it is said what for', async () => {
    await using desk = await DeskWindow.onTab('6');
    const { window } = desk;
    await window.until('m asks for another permission');
    window.press('Enter');
    expect(await window.until('m asks the person for it')).not.toContain('Command:');
    window.press('m');
    await window.until('[ ] Suggest commands (shell.suggest)');
    window.press('Down', 'Space', 'Enter');
    await window.until('[x] Suggest commands');
    window.type('to look at the printer');
    window.press('Enter');
    await window.until('allowed: Ana allowed it');
    window.press('Enter');
    await window.until('Command:');
    window.type('systemctl status cups');
    window.press('Enter');
    await window.until('What for');
    window.press('Enter');
    expect(await window.until('say what it is for')).toContain('Command: systemctl status cups');
    window.type('to see the printer');
    window.press('Enter');
    await window.until('done: it ended with status 0');
  });
});

describeWith('tmux', 'the help', () => {
  it('lists the keys, the ones that work here first, under the banner', async () => {
    await using desk = await DeskWindow.onTab('4', { cols: 60, rows: 15 });
    const { window } = desk;
    window.press('?');
    await window.until([/^.*LIVE/, 'In lists and texts']);
    window.press('End');
    await window.until('next marker');
    window.press('?');
    await window.until('a session began');
  });
});

describeWith('tmux', 'past sessions', () => {
  it('show receipt, audit and a replay with pause, speed, seeking and markers', async () => {
    await using desk = await DeskWindow.open();
    const { window } = desk;
    await window.until('T-1041');
    window.press('Tab', 'Enter');
    await window.until('Signed by the machine');
    window.press('Tab');
    await window.until('a wrong one-time code was given');
    window.press('r');
    await window.until('▶');
    window.press('Space');
    await window.until('‖');
    window.press('Home'); // who came late has missed the beginning
    await window.until((text) => text.includes('step 0 漢字') && !text.includes('step 1'));
    window.press('Right', 'Right', 'Right');
    await window.until(/step 30/);
    window.press(']');
    await window.until(/0:2[01]/);
    window.press('Home');
    await window.until((text) => text.includes('step 0') && !text.includes('step 1'));
    window.press('Up', 'Up', 'Space');
    await window.until('4×');
    window.press('End');
    await window.until('step 99');
    window.press('Escape');
    await window.until('Signed by the machine');
  });

  it('keep the mark in the list when one is closed', async () => {
    await using desk = await DeskWindow.open();
    const { window } = desk;
    await window.until('T-1040');
    window.press('Tab', 'Down');
    await window.until(/^ > .*T-1040/m);
    window.press('Enter');
    await window.until('Signed by the machine');
    window.press('Escape');
    await window.until(/^ > .*T-1040.*by person/m);
  });
});
