import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ScriptedPrompter, type ScriptedQuestion } from '../../daemon/consent/scripted-prompter.ts';
import { newQuestion } from '../../daemon/prompt/question-state.ts';
import { questionSentences } from '../../daemon/prompt/question-words.ts';
import { sanitiseText } from '../../protocol/terminal/sanitise.ts';
import { InMemoryMachine } from './in-memory-machine.ts';
import { itIsAPrompter, type PromptedPerson } from './prompter-compliance.ts';

async function arrive(): Promise<PromptedPerson> {
  const machine = new InMemoryMachine(0);
  let current: ScriptedQuestion | null = null;
  let covered = false;
  let shown = Promise.withResolvers<void>();
  machine.addPrompter(
    new ScriptedPrompter((question) => {
      current = question;
      if (covered) return;
      question.display();
      shown.resolve();
    }),
  );
  const scopes = () => current?.question.offered.map((offer) => offer.scope) ?? [];
  return {
    machine,
    readQuestion: async () => {
      await shown.promise;
      shown = Promise.withResolvers();
      if (current === null) throw new Error('there is no question');
      return sanitiseText(`SOMEONE ASKS\n${questionSentences(newQuestion(current.question)).join('\n')}`);
    },
    seeNone: async () => undefined,
    allow: async () => current?.answer({ allow: true, scopes: scopes() }),
    allowWithout: async (scope) => current?.answer({ allow: true, scopes: scopes().filter((each) => each !== scope) }),
    deny: async () => current?.answer({ allow: false }),
    insist: async () => current?.answer({ allow: true, scopes: scopes() }),
    kill: async () => current?.vanish(),
    cover: async () => {
      covered = true;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

describe('the scripted prompter', () => {
  itIsAPrompter(arrive);

  it('refuses to load outside of tests', () => {
    const module = fileURLToPath(new URL('../../daemon/consent/scripted-prompter.ts', import.meta.url));
    const { VITEST: _, ...environment } = process.env;
    expect(() =>
      execFileSync(process.execPath, ['-e', `import(${JSON.stringify(module)})`], { env: environment, stdio: 'pipe' }),
    ).toThrow(/works in tests only/);
  });
});
