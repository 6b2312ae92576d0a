// Takes the pictures of docs/pictures from the running programs: the prompt, and the dashboard in a session.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startShell } from '../../daemon/run/shell.ts';
import { treeContainment } from '../../daemon/run/tree-containment.ts';
import { Screen } from '../../protocol/terminal/screen.ts';
import { CHAPERONE, CHAPERONED, PROJECT } from '../../test/harness/place.ts';
import { RealMachine } from '../../test/harness/real-machine.ts';
import { svg } from './svg.ts';

const PATIENCE_MS = 30_000; // for a screen to show what is awaited
const LOOK_MS = 100; // between two looks
const VITALS_MS = 15_000; // enough samples for a curve

class Window implements AsyncDisposable {
  readonly #screen: Screen;
  readonly #shell: Awaited<ReturnType<typeof startShell>>;
  readonly #cols: number;

  private constructor(screen: Screen, shell: Awaited<ReturnType<typeof startShell>>, cols: number) {
    this.#screen = screen;
    this.#shell = shell;
    this.#cols = cols;
    shell.onOutput((chunk) => void screen.write(chunk));
    screen.onReply((reply) => shell.write(Buffer.from(reply)));
  }

  static async open(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    cols: number,
    rows: number,
  ) {
    const options = { cwd: '/', cols, rows, term: 'xterm-256color', containment: treeContainment };
    const shell = await startShell({ program: process.execPath, args, environment, ...options });
    return new Window(new Screen({ cols, rows, scrollback: 0 }), shell, cols);
  }

  type(text: string): void {
    this.#shell.write(Buffer.from(text));
  }

  async until(shown: (text: string) => boolean, what: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!shown(this.#screen.text().join('\n'))) {
      if (performance.now() > deadline) throw new Error(`waited for ${what}, saw:\n${this.#screen.text().join('\n')}`);
      await new Promise((look) => setTimeout(look, LOOK_MS));
    }
  }

  save(name: string, title: string, description: string): void {
    const picture = svg({ title, description, cols: this.#cols, lines: this.#screen.lines() });
    writeFileSync(resolve(PROJECT, 'docs/pictures', `${name}.svg`), picture);
    console.log(`docs/pictures/${name}.svg`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shell.kill();
    this.#screen[Symbol.dispose]();
  }
}

await using machine = await RealMachine.start({ hipaa: true });
const colour = { COLORTERM: 'truecolor' };
await using prompt = await Window.open([CHAPERONED, 'prompt'], { ...machine.environment, ...colour }, 80, 26);
await prompt.until((text) => text.includes('One-time code'), 'the code');
const { hostKey } = await machine.status();
const request = ['--reason', 'The printer at the front desk is offline', '--ticket', 'HD-4711'];
const access = ['--code', await machine.code(), '--fingerprint', hostKey, '--identity', machine.key().file];
await using dashboard = await Window.open(
  [CHAPERONE, 'connect', machine.address, ...request, ...access, '--scope', 'diagnostics', '--scope', 'shell'],
  { ...machine.technicianEnvironment(), ...colour },
  110,
  32,
);

await prompt.until((text) => text.includes('[ Allow ]') && !text.includes('Please read first'), 'the question');
prompt.save(
  'prompt',
  'chaperoned prompt',
  'The question at the machine: who asks, for what, and a checkbox for each permission.',
);
for (const _scope of ['diagnostics', 'shell']) prompt.type('\t'); // each box, then Allow
await prompt.until((text) => text.includes('▶[ Allow ]'), 'the mark on Allow');
prompt.type('\r');

await dashboard.until((text) => text.includes('leave the shell'), 'the shell');
for (const line of [
  'PS1="front-desk-2:~$ "; clear',
  'df -h --output=source,size,pcent,target /',
  'ls --color=always /etc/ssh /etc/apt',
  'uptime',
]) {
  dashboard.type(`${line}\r`);
  await new Promise((typed) => setTimeout(typed, 500));
}
await dashboard.until((text) => text.includes('load average'), 'the output');
dashboard.save(
  'dashboard-shell',
  'chaperone',
  'The technician’s dashboard: the banner of the session above a shell of the machine, the keys below.',
);

dashboard.type('\u001d');
dashboard.type('3');
await dashboard.until((text) => text.includes('Processor'), 'the charts');
await new Promise((watched) => setTimeout(watched, VITALS_MS));
dashboard.save(
  'dashboard-vitals',
  'chaperone',
  'The Vitals tab: live charts of processor, memory, network and disks, each with a line of text.',
);
await machine.end();
