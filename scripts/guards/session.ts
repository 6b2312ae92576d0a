// Guards of the layers run and end: what the shell can reach (promise 7), the indicator (6), and finality (9).

import type { Guard } from './guard.ts';

const SESSION = 'daemon/session/session.ts';
const SESSION_TEST = 'daemon/session/session.test.ts';
const PROMISE_9 = 'test/promises/promise-09-ending-is-final.test.ts';

export const SESSION_GUARDS: readonly Guard[] = [
  {
    name: 'run: keys out of reach',
    file: 'daemon/run/namespace-containment.ts',
    find: "hidden.flatMap((directory) => ['--tmpfs', directory]);",
    replace: 'hidden.slice(hidden.length);',
    test: 'test/promises/promise-07-out-of-reach.test.ts',
    named: 'hides keys, log, body keys and socket, the daemon itself, and its environment',
  },
  {
    name: 'run: a clean environment',
    file: 'daemon/session/environment.ts',
    find: "    LANG: 'C.UTF-8',\n",
    replace: "    LANG: 'C.UTF-8',\n    CHAPERONE_HOME: process.env.CHAPERONE_HOME ?? '',\n",
    test: 'test/promises/promise-07-out-of-reach.test.ts',
    named: 'hides keys, log, body keys and socket, the daemon itself, and its environment',
  },
  {
    name: 'run: output waits during a pause',
    file: 'daemon/path/run.ts',
    find: '    this.#frozen = true;\n    this.#run.channel.pause();\n    this.#paced.hold(true);\n',
    replace: '',
    test: 'test/e2e/pausing.test.ts',
    named: 'freezes output and input, says why, and loses nothing',
  },
  {
    name: 'run: what waits for the technician waits during a pause',
    file: 'daemon/ssh/paced-output.ts',
    find: 'while (!this.#held && ',
    replace: 'while (',
    test: 'daemon/ssh/paced-output.test.ts',
    named: 'holds what waits and what comes during a pause, and loses none of it',
  },
  {
    name: 'run: no output ahead of the window',
    file: 'daemon/ssh/paced-output.ts',
    find: 'if (room <= 0) {',
    replace: 'if (room <= -1e9) {',
    test: 'daemon/ssh/paced-output.test.ts',
    named: 'never runs ahead of what their program has room for',
  },
  {
    name: 'run: sizes wait during a pause',
    file: 'daemon/path/run.ts',
    find: '      this.#size = { cols, rows };\n      return;\n',
    replace: '      this.#size = { cols, rows };\n',
    test: 'test/promises/promise-04-no-recorder-no-session.test.ts',
    named: 'holds sizes while it is paused, and gives the shell the newest one alone',
  },
  {
    name: 'indicator: no session without a window',
    file: 'daemon/start.ts',
    find: "session.end('machine', INDICATOR_GONE);",
    replace: 'void INDICATOR_GONE;',
    test: 'test/promises/promise-06-the-indicator.test.ts',
    named: 'shows who is connected, and a session ends with the last window that shows it',
  },
  {
    name: 'end: cuts every part',
    file: SESSION,
    find: '    for (const part of this.#parts) {\n      part.cut(reason);\n    }\n',
    replace: '',
    test: SESSION_TEST,
    named: 'has cut every part when end returns',
  },
  {
    name: 'end: cuts what comes too late',
    file: SESSION,
    find: 'part.cut(this.#end?.reason ?? SCOPE_WITHDRAWN);',
    replace: '',
    test: SESSION_TEST,
    named: 'cuts what comes too late',
  },
  {
    name: 'end: the time limit',
    file: SESSION,
    find: "() => this.end('time limit', 'the agreed time is over'),",
    replace: "() => this.pause('the agreed time is over'),",
    test: SESSION_TEST,
    named: 'ends at its time limit',
  },
  {
    name: 'end: throws away what waits',
    file: 'daemon/ssh/paced-output.ts',
    find: '    this.#over = true;\n    this.#queue = [];\n    this.#queued = 0;\n    this.#subscription[Symbol.dispose]();\n',
    replace: '',
    test: 'daemon/ssh/paced-output.test.ts',
    named: 'sends nothing more after the end, however much room there is, and says whether it tore a message',
  },
  {
    name: 'end: kills the shell and its tree',
    file: 'daemon/run/namespace-containment.ts',
    find: 'for (const { pid } of alive) kill(pid);',
    replace: '',
    test: PROMISE_9,
    named: 'leaves no process: background, nohup, setsid, double fork, an empty environment, a deaf one',
  },
  {
    name: 'end: waits for shells that are being opened',
    file: 'daemon/path/record.ts',
    find: 'finish: () => opened,',
    replace: 'finish: () => Promise.resolve(),',
    test: PROMISE_9,
    named: 'waits for shells that are just being opened: each is closed before the session has ended',
  },
  {
    name: 'end: counts what survived',
    file: 'daemon/session/settle.ts',
    find: 'const processesLeft = unfinished + session.counters.processesLeft;',
    replace: 'const processesLeft = unfinished * 0;',
    test: 'daemon/session/settle.test.ts',
    named: 'is counted in the log and on the receipt: parts that could not be finished',
  },
];
