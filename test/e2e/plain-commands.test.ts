// The same line without a dashboard, for scripts and for people who live in a shell.

import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeWith } from '../requires.ts';
import { allow, promptOf, wishArguments } from './scenes.ts';
import { type Story, story } from './story.ts';

/** The shell on the machine waits for a line: what is typed earlier is shown by its terminal, and by the shell again. */
const AT_PROMPT = /[#$]$/;

const Finding = z.object({ event: z.string() }).loose();

function newestSession(at: Story): Promise<string> {
  return at.runChaperone(['sessions', '--json']).then(({ stdout }) => {
    const [first] = z.array(z.object({ session: z.string() }).loose()).parse(JSON.parse(stdout));
    return first?.session ?? '';
  });
}

describeWith('tmux', 'plain commands', () => {
  it('ask for one health check and print what it says, for people and for programs', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const shown = at.runChaperone(['run', ...(await wishArguments(at)), 'memory']);
      await allow(prompt);
      const people = await shown;
      expect(people.code).toBe(0);
      expect(people.stdout).toMatch(/\d+(\.\d+)? [GM]iB/);
      expect(people.stderr).toContain('the receipt is signed by the machine');
      await prompt.until('Nobody is connected.');

      const json = at.runChaperone(['run', ...(await wishArguments(at)), 'memory', '--json']);
      await allow(prompt);
      const { code, stdout } = await json;
      expect(code).toBe(0);
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => Finding.parse(JSON.parse(line)).event);
      for (const event of ['waiting', 'output', 'end', 'ended', 'receipt']) expect(events).toContain(event);
    }));

  it('hold a shell line by line, and say who ended it', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const { hostKey } = await at.machine.status();
      const wish = ['--fingerprint', hostKey, '--reason', 'no paper', '--ticket', 'HD-1', '--scope', 'shell'];
      const shell = at.chaperone(['connect', '--plain', at.machine.address, ...wish], { cols: 120 });
      await shell.until('One-time code');
      shell.enter(await at.machine.code());
      await shell.until('waiting for the person at front-desk-2');
      await allow(prompt);
      await shell.until(['front-desk-2 allowed shell', AT_PROMPT]);
      shell.enter('echo "it is $((6 * 7))"');
      await shell.until(/^it is 42$/m);
      expect(shell.text().match(/echo "it is/g)).toHaveLength(1); // typed here and shown by the machine: once is enough
      shell.enter('sleep 1000; echo "interrupted $((6 * 8))"');
      await shell.until('sleep 1000');
      const sleeps = () => at.machine.sessionProcesses().some(({ command }) => command.includes('sleep 1000'));
      await expect.poll(sleeps, { timeout: 20_000 }).toBe(true);
      shell.press('C-c');
      shell.enter('echo "still $((6 * 7))"');
      await shell.until(/^still 42$/m);
      shell.enter('~c is it better now?');
      await prompt.until('Dana Roe: is it better now?');
      shell.enter('~a diagnostics to look at the memory');
      await prompt.until(/THE TECHNICIAN ASKS FOR MORE/);
      prompt.press('Escape');
      await shell.until('the person at front-desk-2 said no'); // perhaps behind the shell's prompt
      await prompt.until('● Dana Roe');
      shell.type('half a command'); // and the session ends before Enter
      await shell.until('half a command');
      prompt.press('e');
      await shell.until('the person at the machine ended the session');
      expect(await shell.exited()).toBe(6);
      const said = shell.text().split('the person at the machine ended the session');
      expect(said).toHaveLength(2);

      // What reads the terminal afterwards gets nothing of it.
      shell.enter('own line');
      await shell.until(/^own line\nown line$/m);
      expect(shell.text().split('half a command')).toHaveLength(2);

      const session = await newestSession(at);
      const receipt = await at.runChaperone(['receipt', session, '--json']);
      expect(receipt).toMatchObject({ code: 0 });
      expect(receipt.stdout).toContain('"local user"');
      const replay = await at.runChaperone(['replay', session, '--plain']);
      expect(replay.stdout).toContain('it is 42');
      const list = await at.runChaperone(['audit', 'list']);
      expect(list.stdout).toContain('receipt.received');
      expect(await at.runChaperone(['audit', 'show', '0'])).toMatchObject({ code: 0 });
    }));

  it('go on without a shell when the person takes it back, and end in order', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const { hostKey } = await at.machine.status();
      const wish = ['--fingerprint', hostKey, '--reason', 'no paper', '--ticket', 'HD-1'];
      const scopes = ['--scope', 'diagnostics', '--scope', 'shell'];
      const session = at.chaperone(['connect', '--plain', at.machine.address, ...wish, ...scopes], { cols: 120 });
      await session.until('One-time code');
      session.enter(await at.machine.code());
      await session.until('waiting for the person at front-desk-2');
      await allow(prompt);
      await session.until(['front-desk-2 allowed diagnostics, shell', AT_PROMPT]);
      session.enter('echo "it is $((6 * 7))"');
      await session.until(/^it is 42$/m);
      const taken = await at.machine.chaperoned('withdraw', 'type commands');
      expect(taken.stdout).toContain('can now: run health checks');
      await session.until('the person took back: type commands');
      await session.until('the session goes on without a shell');
      session.enter('~c why is that?');
      await prompt.until('Dana Roe: why is that?');
      await at.machine.chaperoned('allow', 'type commands');
      await session.until(AT_PROMPT); // until the technician's program knows of it, there is no shell for a line
      session.enter('echo "again $((6 * 7))"');
      await session.until(/^again 42$/m);
      await at.machine.chaperoned('withdraw', 'diagnostics', 'shell');
      expect(await session.exited()).toBe(6);
    }));

  it('say what is wrong before anybody is called, and when nobody is there', () =>
    story({}, async (at) => {
      const unknown = await at.runChaperone(['connect', at.machine.address, '--scope', 'everything']);
      expect(unknown).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('there is no permission "everything"'),
      });
      const misheard = await at.runChaperone(['connect', at.machine.address, '--code', '27-harbour-violet']);
      expect(misheard).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "harbor"?') });
      const nobody = await at.runChaperone(['connect', '--reason', 'r', '--ticket', 't', '127.0.0.1:1']);
      expect(nobody).toMatchObject({ code: 4, stderr: expect.stringContaining('nothing listens there') });
      const stranger = [
        'run',
        at.machine.address,
        'memory',
        '--reason',
        'r',
        '--ticket',
        't',
        '--code',
        await at.machine.code(),
      ];
      const untrusted = await at.runChaperone(stranger);
      expect(untrusted).toMatchObject({ code: 5, stderr: expect.stringContaining('the machine is not known here') });
      const { type } = (await at.machine.record()).at(-1) ?? { type: '' };
      expect(type).not.toMatch(/^consent/);
    }));
});
