// The person looks over the technician's shoulder, from whenever they like, and has the last word there too.

import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { Transcript } from '../harness/transcript.ts';
import { describeWith } from '../requires.ts';
import { answers, live } from './scenes.ts';
import { story } from './story.ts';

describe('watching', () => {
  it('shows the last lines of a shell that ends', async () => {
    await using machine = await RealMachine.start();
    const local = await machine.connectLocal();
    const pictures = new Transcript();
    await local.watch({
      onSession: () => undefined,
      onFrame: (_, shell, { lines }) => pictures.append(`${shell}: ${lines.join(' ')}\n`),
      onNotice: () => undefined,
      onReceipt: () => undefined,
    });
    await using technician = await machine.session();
    const shell = await technician.shell();
    shell.enter('echo $((1+1)) is ready');
    await pictures.until('2 is ready');
    shell.enter('seq 41 45; exit');
    await shell.closed;
    await pictures.until(/41\S* 42\S* 43\S* 44\S* 45/);
    await machine.end();
  });
});

describeWith('tmux', 'watching', () => {
  it('shows the present screen to whoever comes late, whole-screen programs too', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      dashboard.enter('seq 1 300 > list; less list');
      await dashboard.until(/^15$/m);
      dashboard.press('G');
      await dashboard.until(/^300$/m);
      const watch = at.chaperoned(['watch'], { cols: 100, rows: 40 });
      const screen = await watch.until([
        /^300$/m,
        'WATCHING Dana Roe (technician, Clinic IT)',
        'The technician can type commands now.',
      ]);
      expect(screen).not.toMatch(/^1$/m);
      dashboard.press('g');
      await watch.until(/^1$/m);
      dashboard.press('q');
      await answers(dashboard);
      await watch.until(/shell \d+ answers/);
    }));

  it('is left without ending the session, and ends it when the person wants', () =>
    story({}, async (at) => {
      const { dashboard, prompt } = await live(at);
      const first = at.chaperoned(['watch']);
      await first.until('WATCHING Dana Roe');
      first.press('q');
      const left = await first.until('exit status 0');
      expect(left).toContain('You left the view.');
      await answers(dashboard);
      await prompt.until('is connected');
      const second = at.chaperoned(['watch']);
      await second.until(/shell \d+ answers/);
      second.press('e');
      await second.until('Signed by this computer.');
      await dashboard.until('the person at the machine ended the session');
      expect(at.machine.sessionProcesses()).toEqual([]);
    }));

  it('shows windows of every size', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      const watch = at.chaperoned(['watch'], { cols: 60, rows: 15 });
      await watch.until(/shell \d+ answers/);
      for (const [cols, rows] of [
        [120, 40],
        [60, 15],
      ] as const) {
        watch.resize(cols, rows);
        await watch.until(
          (text) =>
            watch.flag('window_width') === String(cols) &&
            text.includes('Q  Leave') &&
            text.includes('WATCHING Dana Roe') &&
            text.includes('● CONNECTED') &&
            text.split('\n').length === rows,
        );
      }
      await answers(dashboard);
    }));
});
