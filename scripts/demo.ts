// `scripts/demo`: shows the main job on this computer, by hand on a terminal with tmux, or told step by step.

import { parseArgs } from 'node:util';
import { findProgram } from '../test/programs.ts';
import { NotAsPromised } from './demonstration/failure.ts';
import { Narrator } from './demonstration/narrator.ts';
import { Setting } from './demonstration/setting.ts';

const USAGE = `usage: scripts/demo [--script]

Runs a machine and a technician on this computer, in a private directory that is removed at the end.
On a terminal with tmux both are there to be used by hand. With --script, or without a terminal or tmux,
the whole story plays by itself; exit code 1 when anything is not as promised.`;

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

const { script, help } = options();
if (help) {
  console.log(USAGE);
} else {
  await demonstrate(script);
}

function options(): { readonly script: boolean; readonly help: boolean } {
  try {
    const { values } = parseArgs({ options: { script: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    return { script: values.script ?? false, help: values.help ?? false };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}

async function demonstrate(script: boolean): Promise<void> {
  const setting = new Setting();
  const tell = new Narrator();
  let leaving = false;
  const leave = async (exitCode: number): Promise<void> => {
    if (leaving) return;
    leaving = true;
    await setting[Symbol.asyncDispose]();
    process.exit(exitCode);
  };
  for (const [signal, number] of Object.entries(SIGNALS)) process.on(signal, () => void leave(128 + number));
  process.stdout.on('error', () => void leave(1)); // whoever read along has gone

  let exitCode = 0;
  try {
    const began = performance.now();
    await setting.start();
    if (!script && process.stdin.isTTY && process.stdout.isTTY && findProgram('tmux') !== undefined) {
      const { playByHand } = await import('./demonstration/by-hand.ts');
      await playByHand(setting);
    } else {
      const { playStory } = await import('./demonstration/story.ts');
      await playStory(setting, tell);
      tell.done(performance.now() - began);
    }
  } catch (error) {
    exitCode = 1;
    if (leaving) return; // what is taken down under it fails in many ways
    if (error instanceof NotAsPromised) tell.failed(error);
    else console.error(error);
  } finally {
    await leave(exitCode);
  }
}
