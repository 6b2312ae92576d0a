// macOS and Windows: what would be run and what is made of its answers. The scripts have not been run on real computers.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { question } from '../../../test/prompt/in-memory-machine.ts';
import type { PromptQuestion } from '../../consent/prompter.ts';
import { macCommand } from './mac-script.ts';
import { questionData } from './question-data.ts';
import { answerOf, readLine } from './read-answer.ts';
import { foreignPrompter, ScriptPrompter } from './script-prompter.ts';
import { QUESTION_VARIABLE, windowsCommand } from './windows-script.ts';

const HOSTILE = `"; $(calc) \`whoami\` '); app.doShellScript("x") // & <b>`;
const asked = (change: Parameters<typeof question>[0] = {}): PromptQuestion => ({
  ...question(change),
  until: new Date(Date.now() + 60_000).toISOString(),
  armsAfterMs: 1500,
});

describe('the question on other systems', () => {
  it('hands the words of others over as data: the scripts are the same whoever asks', () => {
    const [plain, hostile] = [asked(), asked({ reason: HOSTILE })].map(questionData);
    if (plain === undefined || hostile === undefined) throw new Error('no data');
    expect(macCommand(hostile).slice(0, 6)).toEqual(macCommand(plain).slice(0, 6));
    expect(JSON.parse(macCommand(hostile).at(-1) ?? '').text).toContain(HOSTILE);
    expect(windowsCommand(hostile).argv).toEqual(windowsCommand(plain).argv);
    const travelled = windowsCommand(hostile).environment[QUESTION_VARIABLE] ?? '';
    expect(JSON.parse(Buffer.from(travelled, 'base64').toString()).text).toContain(HOSTILE);
  });

  it('macOS: the list and the alert both mean no unless Allow is chosen', () => {
    const script = macCommand(questionData(asked()))[4] ?? '';
    expect(() => new Function(script)).not.toThrow();
    expect(script).toContain("defaultButton: 'Do not allow'");
    expect(script).toContain("cancelButtonName: 'Do not allow'");
    expect(script).toContain('givingUpAfter: data.seconds');
  });

  it('Windows: Allow is off until it is armed, Enter and Esc mean no', () => {
    const encoded = windowsCommand(questionData(asked())).argv.at(-1) ?? '';
    const script = Buffer.from(encoded, 'base64').toString('utf16le');
    expect(script).toContain("Text = 'Allow'; AutoSize = $true; Enabled = $false");
    expect(script).toContain('$form.CancelButton = $deny; $form.AcceptButton = $deny');
    expect(script).toContain(`$env:${QUESTION_VARIABLE}`);
  });

  it('takes only ticks of this question for yes', () => {
    const given = asked();
    const answer = (line: string) => {
      const read = readLine(line);
      return read === null ? null : answerOf(read, given);
    };
    expect(answer('{"event":"allow","ticked":[1]}')).toEqual({ allow: true, scopes: ['shell'] });
    expect(answer('{"event":"allow","ticked":[]}')).toEqual({ allow: false });
    expect(answer('{"event":"allow","ticked":[0,9]}')).toEqual({ allow: false });
    expect(answer('{"event":"deny"}')).toEqual({ allow: false });
    expect(answer('{"event":"shown"}')).toBeNull();
    for (const line of ['', 'yes', '{"event":"allow"}', '{"event":"allow","ticked":"0"}', '[]']) {
      expect(readLine(line)).toBeNull();
    }
  });

  it('has one for macOS and one for Windows, and none elsewhere', () => {
    expect([foreignPrompter('darwin')?.name, foreignPrompter('win32')?.name]).toEqual([
      'macOS dialog',
      'Windows dialog',
    ]);
    expect(foreignPrompter('linux')).toBeNull();
  });
});

describe('a script that asks', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'chaperone-script-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const ask = async (body: string, signal = new AbortController().signal) => {
    const file = join(home, 'script');
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    let displayed = 0;
    const prompter = new ScriptPrompter('script', () => ({ argv: [file], environment: {} }));
    const answer = prompter.ask(asked(), {
      signal,
      onDisplayed: () => {
        displayed += 1;
      },
    });
    return { answer: await answer, displayed };
  };

  it('is displayed when it says so, and its answer counts', async () => {
    const body = `echo '{"event":"shown"}'; echo '{"event":"allow","ticked":[0,1]}'`;
    expect(await ask(body)).toEqual({ answer: { allow: true, scopes: ['diagnostics', 'shell'] }, displayed: 1 });
  });

  it('says no by anything else that it prints', async () => {
    expect((await ask('echo garbage; sleep 60')).answer).toEqual({ allow: false });
  });

  it('was nobody when it dies or is taken away', async () => {
    await expect(ask('kill -9 $$')).rejects.toThrow('closed by force');
    await expect(ask('sleep 60', AbortSignal.timeout(50))).rejects.toThrow('withdrawn');
  });
});
