// Small and large windows, and terminals without colours.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { allow, answers, ask, IN_SHELL, live, promptOf } from './scenes.ts';
import { story } from './story.ts';
import type { StoryWindow } from './story-window.ts';

const COLOUR = /\x1b\[(?:\d+[;:])*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:]\d+)*m/;

/** Banner and key bar as they must stand at every moment, in rows that are no wider than the window. */
function expectFrame(screen: string, cols: number, keys: string): void {
  const rows = screen.split('\n');
  expect(rows[0]).toMatch(/● LIVE front-desk-2 .* left/);
  expect(rows[1]).toMatch(/diagnostics, shell +HIPAA · no sandbox · recorded/);
  expect(rows[2]).toMatch(/1 Shell +2 Diagnostics +3 Vitals +4 Audit +5 Chat/);
  expect(rows.at(-1)).toContain(keys);
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(cols);
}

const TABS = [
  ['2', 'Memory', 'run'],
  ['3', '% busy', 'next chart'],
  ['4', 'a session began', 'end session'],
  ['5', 'To the local user', 'leave the field'],
  ['Escape', 'To the local user', 'write to the local user'],
  ['1', '$', 'Ctrl-]'],
] as const;

describeWith('tmux', 'any terminal', () => {
  it.each([
    [60, 15],
    [120, 40],
  ])('is large enough for all of a session at %i×%i', (cols, rows) =>
    story({}, async (at) => {
      const prompt = await promptOf(at, { cols, rows });
      const dashboard = await ask(at, { cols, rows });
      await dashboard.until(['Waiting for the person at front-desk-2', /left; no answer counts as no/]);
      const who = 'Dana Roe · technician, Clinic IT';
      await prompt.until(['SOMEONE ASKS TO HELP', who, 'left to answer', '[ Allow ]', '[ Do not allow ]']);
      await allow(prompt);
      await dashboard.until(IN_SHELL);
      await answers(dashboard);
      await prompt.until(['End now', 'Dana Roe']);
      expectFrame(dashboard.text(), cols, 'Ctrl-]');
      dashboard.press('C-]');
      await dashboard.until('type in the shell');
      for (const [key, shows, keys] of TABS) {
        dashboard.press(key);
        expectFrame(await dashboard.until((screen) => screen.includes(shows) && screen.includes(keys)), cols, keys);
      }
      dashboard.press('C-]');
      await dashboard.until('type in the shell');
      dashboard.press('?');
      await dashboard.until('send this key to the shell');
      dashboard.press('Escape');
      await dashboard.untilGone('send this key to the shell');
      dashboard.press('e');
      const asking = await dashboard.until(['End the session?', /yes.*$/]);
      expectFrame(asking, cols, 'yes');
    }),
  );

  it('without colours gets none from anybody, and still sees what is marked', () =>
    story({}, async (at) => {
      const env = { NO_COLOR: '1' };
      const prompt = await promptOf(at, { env });
      const watch = at.chaperoned(['watch'], { env });
      const dashboard = await ask(at, { env });
      await allow(prompt);
      await dashboard.until(IN_SHELL);
      dashboard.enter("printf '\\033[31;42;1mred on green\\033[0m\\n\\033[38;2;9;9;9mgrey\\033[0m\\n'");
      await dashboard.until(/^red on green\ngrey$/m);
      await watch.until(/^red on green$/m);
      dashboard.press('C-]');
      await dashboard.until('type in the shell');
      for (const [key, shows] of TABS.slice(0, 4)) {
        dashboard.press(key);
        await dashboard.until(shows);
      }
      for (const [window, last] of [
        [dashboard, 'a note instead'],
        [watch, 'red on green'],
        [prompt, 'End now'],
      ] as [StoryWindow, string][]) {
        const bytes = (await window.bytes(last)).toString();
        expect(COLOUR.exec(bytes)?.[0]).toBeUndefined();
        expect(bytes).toMatch(/\x1b\[(?:\d+;)*[17]m/); // bold or reverse
      }
    }));

  it('that shows no text in places is told so in words', () =>
    story({}, async (at) => {
      const dashboard = at.chaperone([], { env: { TERM: 'dumb' } });
      expect(await dashboard.exited()).toBe(2);
      expect(dashboard.text()).toContain('use the plain commands instead');
      const { dashboard: shown } = await live(at, { env: { TERM: 'xterm-256color' } });
      await answers(shown);
    }));
});
