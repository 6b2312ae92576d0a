// The main job as both people live it, from the phone call to the record.

import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeWith } from '../requires.ts';
import { allow, answers, IN_SHELL, live, promptOf, showReceipt } from './scenes.ts';
import { type Story, story } from './story.ts';
import type { StoryWindow } from './story-window.ts';

const LEFT = 'type in the shell'; // in the key bar when Chaperone has the keyboard
const SessionList = z.array(z.object({ session: z.string(), ending: z.string() }).loose());

/** Leaves the shell by its chord and goes to a tab. */
async function goTo(dashboard: StoryWindow, tab: '1' | '2' | '3' | '4' | '5', shows: string): Promise<string> {
  if (dashboard.text().includes(IN_SHELL)) {
    dashboard.press('C-]');
    await dashboard.until(LEFT);
  }
  dashboard.press(tab);
  return await dashboard.until(shows);
}

async function newestSession(at: Story): Promise<string> {
  const { stdout, code } = await at.runChaperone(['sessions', '--json']);
  expect(code).toBe(0);
  return SessionList.parse(JSON.parse(stdout))[0]?.session ?? '';
}

describeWith('tmux', 'helping someone', () => {
  it('goes from the call through form, question, shell and tabs to a record that both can show', () =>
    story({ hipaa: true }, async (at) => {
      const { machine } = at;
      const { hostKey } = await machine.status();

      // The person reads number and code to the technician, and wants to watch.
      const prompt = await promptOf(at);
      const home = await prompt.until('Nobody is connected.');
      expect(home.replaceAll(' ', '')).toContain(machine.id);
      const code = /One-time code: (\S+)/.exec(home)?.[1] ?? '';
      expect(code).toBe(await machine.code());
      const watch = at.chaperoned(['watch']);
      await watch.until('Nobody is connected.');

      // The technician fills in the form. Nothing has run yet.
      const dashboard = at.chaperone([]);
      await dashboard.until('None yet. Press n');
      dashboard.press('n');
      await dashboard.until('Ask the person at the machine');
      for (const text of [
        machine.address,
        code.toUpperCase().replaceAll('-', ' '),
        'The printer prints blank pages',
        'HD-4711',
      ]) {
        dashboard.type(text);
        dashboard.press('Tab');
      }
      await dashboard.until('HD-4711');
      await dashboard.until('[x] Type commands '); // what a technician always asks for is ticked
      dashboard.press('Tab', 'Tab', 'Tab', 'Space', 'Space', 'Tab', 'Tab', 'Tab', 'Enter'); // by way of the ticks
      await dashboard.until(['Trust this key from now on?', hostKey]);
      dashboard.press('y');
      await dashboard.until([
        'Waiting for the person at front-desk-2',
        /[01]:\d\d left; no answer counts as no/,
        'You ask to: run health checks, type commands',
      ]);

      // The person sees who asks for what, and allows it.
      await prompt.until([
        'SOMEONE ASKS TO HELP',
        'Dana Roe · technician, Clinic IT',
        'Listed by your administrator',
        'Phone: +1 555 0100',
        'Reason: The printer prints blank pages',
        'Ticket: HD-4711',
        '[x] Run health checks',
        '[x] Type commands',
        'What they see is recorded.',
      ]);
      expect(machine.sessionProcesses()).toEqual([]);
      await allow(prompt);

      // Banner, shell and the chord to leave it; the person watches the same.
      await dashboard.until([
        IN_SHELL,
        /● LIVE front-desk-2/,
        /\d:\d\d:\d\d left/,
        /Allowed: diagnostics, shell +HIPAA · no sandbox · recorded/,
      ]);
      await watch.until('WATCHING Dana Roe (technician, Clinic IT)');
      await prompt.until('● Dana Roe (technician, Clinic IT) is connected');
      dashboard.enter('echo "it is $((6 * 7))"');
      await dashboard.until(/^it is 42$/m);
      await watch.until(/^it is 42$/m);

      // Diagnostics, vitals, audit.
      await goTo(dashboard, '2', 'System overview');
      await dashboard.until(['Memory', 'Disks', 'Busiest programs', 'Network connections', 'Printers']);
      dashboard.press('j');
      await dashboard.until('> Memory');
      dashboard.press('Enter');
      await dashboard.until([/Memory · Done: /, /\d (GiB|MiB)/]);
      await watch.until(/health check/i);
      await goTo(dashboard, '3', '% busy');
      const axis = '⠒⠒⠒⠒⠒⠒⠒⠒';
      await dashboard.until([/Processor +\d+ % busy/, /Memory +[\d.]+ [GM]iB of/, axis]);
      await goTo(dashboard, '4', "events of this session in the machine's log");
      await dashboard.until([
        'a session began',
        'the local user allowed the session',
        'a shell was opened',
        'a diagnostic was run',
      ]);

      // Words in both directions.
      await goTo(dashboard, '5', 'leave the field');
      dashboard.enter('please switch the printer off');
      await watch.until('Dana Roe: please switch the printer off');
      watch.press('c');
      await watch.until('Write to the technician:');
      watch.enter('it is off now');
      await dashboard.until(/local user +it is off now/);
      dashboard.press('Escape');
      await dashboard.untilGone('leave the field');

      // The shell went on meanwhile; the technician ends the session.
      dashboard.press('1');
      await dashboard.until(IN_SHELL);
      await answers(dashboard);
      dashboard.press('C-]');
      await dashboard.until(LEFT);
      dashboard.press('e');
      await dashboard.until('End the session?');
      await dashboard.until('y  end it');
      dashboard.press('y');
      await dashboard.until(['The session is over', '■ ENDED front-desk-2', 'the technician ended the session']);

      // Both get the receipt.
      await watch.until([
        'Signed by this computer.',
        'How it ended: the technician ended it',
        'They used: run health checks, type commands.',
        'Memory (done)',
      ]);
      await prompt.until(['Nobody is connected.', 'Last receipt']); // which comes a moment later
      prompt.press('l');
      await prompt.until('How it ended: the technician ended it');
      expect(await showReceipt(dashboard)).toContain('✓ Signed by the machine; the signature holds.');
      expect(machine.sessionProcesses()).toEqual([]);
      dashboard.press('q');
      await dashboard.until('Sessions (1)');
      dashboard.press('q');
      expect(await dashboard.exited()).toBe(0);

      // The record: receipt, replay, both logs.
      const session = await newestSession(at);
      const receipt = await at.runChaperone(['receipt', session]);
      expect(receipt).toMatchObject({ code: 0 });
      expect(receipt.stdout).toContain('The receipt is signed by front-desk-2');
      const plain = await at.runChaperone(['replay', session, '--plain']);
      expect(plain).toMatchObject({ code: 0 });
      expect(plain.stdout).toContain('it is 42');
      const replay = at.chaperone(['replay', session.slice(0, 13)]);
      await replay.until('pause');
      replay.press('End');
      await replay.until(/it is 42/);
      replay.press('q');
      expect(await replay.exited()).toBe(0);
      const mine = await at.runChaperone(['audit', 'verify']);
      expect(mine).toMatchObject({ code: 0, stdout: expect.stringContaining('The record is whole') });
      const machines = await machine.chaperoned('audit', 'verify');
      expect(machines).toMatchObject({ code: 0, stdout: expect.stringContaining('It contains what 1 receipt saw.') });
    }));

  it('shows whole-screen programs, wide characters and pastes, and follows the window', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      dashboard.enter("echo '你好, wörld ✓ 世界' end");
      await dashboard.until(/^你好, wörld ✓ 世界 end$/m);

      // A program that takes the whole screen, and gives it back as it was.
      dashboard.enter('seq 1 500 > numbers; less numbers');
      await dashboard.until([/^numbers$/m, '● LIVE front-desk-2', /^1$/m]);
      dashboard.press('G');
      await dashboard.until(/^500$/m);
      dashboard.press('q');
      const back = await dashboard.until((screen) => /你好, wörld ✓ 世界 end/.test(screen) && !/^499$/m.test(screen));
      expect(back).toContain(IN_SHELL);

      // Keys that an editor needs: Escape, arrows, application cursor mode.
      dashboard.enter('top -d 1');
      await dashboard.until(/Tasks:.*total/);
      dashboard.press('q');
      await dashboard.until(/[#$] *\n+ Ctrl-\]/); // until then, it would read what is typed
      await answers(dashboard);

      // A paste is one paste: bash runs it only when Enter is pressed.
      dashboard.paste('echo one\necho two');
      await dashboard.until(/^.*echo two$/m);
      expect(dashboard.text()).not.toMatch(/^one$/m);
      dashboard.press('Enter');
      await dashboard.until(/^one\ntwo$/m);

      // The remote terminal is what the frame leaves of the window.
      for (const [cols, rows] of [
        [120, 40],
        [60, 15],
        [100, 30],
      ] as const) {
        dashboard.resize(cols, rows);
        const shown = `${rows - 4} ${cols}`;
        await dashboard.until((screen) => {
          if (!screen.includes(shown)) dashboard.enter('clear; stty size');
          return screen.includes(shown);
        });
        await dashboard.until((text) => {
          const screen = text.split('\n');
          return screen[0]?.includes('● LIVE front-desk-2') === true && screen.at(-1)?.includes(IN_SHELL) === true;
        });
      }
    }));

  it('knows the machine by its number the second time, and asks nothing', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      prompt.press('e');
      await dashboard.until('The session is over');
      const code = await at.machine.code();
      const wish = ['--code', code, '--reason', 'once more', '--ticket', 'HD-1', '--scope', 'diagnostics'];
      const again = at.chaperone(['connect', at.machine.id, ...wish]);
      await again.until('Waiting for the person at front-desk-2');
      await allow(prompt);
      await again.until('● LIVE front-desk-2');
      await again.until('System overview');
      again.press('1');
      await again.until('You did not ask for a shell in this session.');
    }));
});
