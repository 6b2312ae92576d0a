// Nobody comes in under somebody else's consent.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { allow, answers, ask, IN_SHELL, live } from './scenes.ts';
import { story } from './story.ts';

const SECOND = 'Jörg Müller';

describeWith('tmux', 'two technicians at once', () => {
  it('are asked for one by one, seen apart, and ended apart', () =>
    story({ technicians: [{ name: 'Dana Roe' }, { name: SECOND, role: 'lead' }] }, async (at) => {
      const { machine } = at;
      const { prompt, dashboard: dana } = await live(at);
      const watch = at.chaperoned(['watch'], { cols: 100, rows: 30 });
      await watch.until('WATCHING Dana Roe');

      const joerg = await ask(at, { technician: SECOND, reason: 'I was asked to join', scopes: ['shell'] });
      await prompt.until(['SOMEONE ASKS TO HELP', `${SECOND} · lead, Clinic IT`]);
      await prompt.until((screen) => {
        if (!screen.includes('This would be a second person')) prompt.press('Down'); // a small window scrolls
        return screen.includes('Dana Roe is connected already.');
      });
      expect((await machine.status()).sessions).toHaveLength(1);
      await allow(prompt);
      await joerg.until(IN_SHELL);
      dana.enter('echo "I am $((500 + 1))"');
      joerg.enter('echo "I am $((600 + 2))"');
      await dana.until('I am 501');
      await joerg.until('I am 602');
      expect(dana.text()).not.toContain('I am 602');
      expect(joerg.text()).not.toContain('I am 501');
      await prompt.until(`● ${SECOND} (lead, Clinic IT) is connected`);

      watch.press('Tab');
      await watch.until(`WATCHING 2/2 ${SECOND}`);
      await watch.until('I am 602');
      watch.press('e');
      await joerg.until('The session is over');
      await answers(dana);
      const { sessions } = await machine.status();
      const left = sessions.filter(({ state }) => state !== 'ended'); // one that is over may still be written down
      expect(left.map(({ technician }) => technician.name)).toEqual(['Dana Roe']);
      await prompt.untilGone(`${SECOND} (lead, Clinic IT) is connected`);
      expect(await machine.chaperoned('end')).toMatchObject({ code: 0 });
      await dana.until('The session is over');
      expect(machine.sessionProcesses()).toEqual([]);
    }));

  it('that ask at the same time are put to the person one after the other', () =>
    story({ technicians: [{ name: 'Dana Roe' }, { name: SECOND }] }, async (at) => {
      const prompt = at.chaperoned(['prompt']);
      await prompt.until('One-time code: ');
      const first = await ask(at);
      await prompt.until('Dana Roe · technician');
      const second = await ask(at, { technician: SECOND });
      await second.until(/another request is being\s+answered first/i);
      expect(prompt.text()).not.toContain(SECOND);
      prompt.press('Escape');
      await first.until('did not allow this session');
      await prompt.until(`${SECOND} · technician`);
      prompt.press('Escape');
      await second.until('did not allow this session');
    }));
});
