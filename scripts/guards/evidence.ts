// Guards of the layer record: nothing is seen that is not in the log and in the recording (promises 4 and 5).

import type { Guard } from './guard.ts';

const PROMISE_4 = 'test/promises/promise-04-no-recorder-no-session.test.ts';
const PROMISE_5 = 'test/promises/promise-05-write-ahead-audit.test.ts';
const PROMISE_10 = 'test/promises/promise-10-fail-closed.test.ts';
const TAMPERED = 'test/promises/tampered-record.test.ts';
const CHANGED_RECORDING =
  'is found where a recording was changed, also when its receipt is gone or its words were disposed of';
const TAMPERED_COPY = 'test/promises/tampered-copy.test.ts';
const CHANGED_COPY = 'is played without a word while it is whole, and not without one when it was changed';
const DOUBT = 'tui/records/recording-doubt.test.ts';
const ASCIICAST = 'tui/replay/asciicast.ts';
const REFUSED_LINE = 'is refused with the line that is wrong: %s';

export const EVIDENCE_GUARDS: readonly Guard[] = [
  {
    name: 'record: write-ahead',
    file: 'daemon/audit/machine-log.ts',
    find: 'await Promise.all([this.#log.append(entry), this.#keys.durable(session)]);',
    replace: 'await Promise.race([this.#log.append(entry), this.#keys.durable(session), null]);',
    test: PROMISE_5,
    named: 'has every effect that was seen in a log that verifies, whenever the daemon is killed',
  },
  {
    name: 'record: a request is in the log before it is shown',
    file: 'daemon/path/consent.ts',
    find: 'await Promise.all([paired.recorded, log',
    replace: 'await Promise.all([log',
    test: 'daemon/path/consent.test.ts',
    named: 'shows nobody a request that the log does not have',
  },
  {
    name: 'record: who gets no session because nothing can be written is told so',
    file: 'daemon/path/say-trouble.ts',
    find: "await conversation.refuse(statusOf(machine)('refused', words, { code }));",
    replace: '[words, code].join();',
    test: PROMISE_10,
    named: 'tells the technician when the answer of the person cannot be written down',
  },
  {
    name: 'record: a lost recording pauses the session',
    file: 'daemon/path/run.ts',
    find: 'session.loseRecorder(problem.words);',
    replace: '',
    test: PROMISE_4,
    named: 'pauses when %s, then ends, and tells both',
  },
  {
    name: 'record: a session that lost its recorder before it is open does not open',
    file: 'daemon/session/session.ts',
    find: "if (this.#state === 'granted') {",
    replace: "if (this.#state === 'ended') {",
    test: 'daemon/session/session.test.ts',
    named: 'does not open when that happens while the person is still being shown who comes',
  },
  {
    name: 'record: a session without a recorder ends',
    file: 'daemon/session/session.ts',
    find: "setTimeout(() => this.end('machine', words), READ_WHY_MS);",
    replace: 'setTimeout(() => this.pause(words), READ_WHY_MS);',
    test: 'daemon/session/session.test.ts',
    named: 'pauses at once, cannot be resumed, and ends',
  },
  {
    name: 'record: nobody resumes without a recorder',
    file: 'daemon/session/session.ts',
    find: "if (this.#recordingFailed || !this.#move('resume', 'active', '')) {",
    replace: "if (!this.#move('resume', 'active', '')) {",
    test: 'daemon/session/session.test.ts',
    named: 'pauses at once, cannot be resumed, and ends',
  },
  {
    name: 'record: output is recorded before it is sent',
    file: 'daemon/path/run.ts',
    find: '!recording.output(chunk)',
    replace: 'chunk === null',
    test: 'test/e2e/ending-under-load.test.ts',
    named: 'cuts the technician off at once: no byte after it, no process left',
  },
  {
    name: 'record: what the recording refuses is shown to nobody',
    file: 'daemon/path/run.ts',
    find: 'if (!recording.output(chunk)) {',
    replace: 'if (!recording.output(chunk) && chunk === null) {',
    test: PROMISE_4,
    named: 'shows the technician nothing that did not fit into the recording any more',
  },
  {
    name: 'record: a recording takes only what surely fits',
    file: 'daemon/recording/recording.ts',
    find: 'if (this.#queue.bound + exactly() <= room) return true;',
    replace: 'if (this.#queue.bound <= room) return true;',
    test: 'daemon/recording/size-limit.test.ts',
    named: 'holds all that was taken, and never grows beyond its limit',
  },
  {
    name: 'record: no session with a broken log',
    file: 'daemon/path/pair.ts',
    find: 'if (!machine.log.healthy) {',
    replace: "if (machine.identity.name === '') {",
    test: 'test/e2e/disk-full.test.ts',
    named: 'pauses the session, then ends it, with words for both, and lets nobody in until there is room',
  },
  {
    name: 'verify: time goes forward',
    file: 'protocol/audit/envelope.ts',
    find: 'if (header.time < last) {',
    replace: "if (header.time < last && header.time === '') {",
    test: TAMPERED,
    named: 'is found where an entry was dated back and everything signed again with the stolen key',
  },
  {
    name: 'verify: leaves are hashed',
    file: 'protocol/log/verify-entries.ts',
    find: 'const hash = leafHash(entry);',
    replace: 'const hash = stored?.[i] ?? leafHash(entry);',
    test: TAMPERED,
    named: 'is found where one byte was flipped, wherever it is',
  },
  {
    name: 'verify: receipts bind the log',
    file: 'protocol/log/verify-anchors.ts',
    find: 'this.#anchors.filter((one) => one.size > size)',
    replace: 'this.#anchors.filter((one) => one.size > size * 1e6)',
    test: TAMPERED,
    named: 'is found where it was rolled back to a state that was once signed, by the receipt',
  },
  {
    name: 'verify: recordings are held against the log',
    file: 'protocol/recording/recording-check.ts',
    find: 'else if (found !== sha256) changed.push(path);',
    replace: "else if (found !== sha256 && found === '') changed.push(path);",
    test: TAMPERED,
    named: CHANGED_RECORDING,
  },
  {
    name: 'verify: a receipt speaks for a recording where the log cannot',
    file: 'daemon/commands/audit-verify.ts',
    find: 'for (const receipt of receipts) check.receipt(receipt);',
    replace: '',
    test: TAMPERED,
    named: CHANGED_RECORDING,
  },
  {
    name: 'verify: the technician’s recordings are held against the technician’s log',
    file: 'tui/commands/audit-verify.ts',
    find: 'check.entry(entry);',
    replace: '',
    test: TAMPERED_COPY,
    named: CHANGED_COPY,
  },
  {
    name: 'verify: the first word on a recording counts',
    file: 'protocol/recording/recording-check.ts',
    find: 'if (!this.#promised.has(said.path)) this',
    replace: 'this',
    test: DOUBT,
    named: 'cannot be replaced by telling the log of another file with its name later',
  },
  {
    name: 'replay: a recording is held against the technician’s log',
    file: 'tui/records/recording-doubt.ts',
    find: 'return word.sha256 === (await hashOf(file)) ? shortcomingOf(word) : CHANGED;',
    replace: "return word.sha256 !== '' ? shortcomingOf(word) : CHANGED;",
    test: TAMPERED_COPY,
    named: CHANGED_COPY,
  },
  {
    name: 'replay: an entry counts only when the log proves that it holds it',
    file: 'tui/records/recording-doubt.ts',
    find: 'await word.prove();\n    return word.sha256',
    replace: 'return word.sha256',
    test: DOUBT,
    named: 'is not vouched for by an entry that the log does not hold',
  },
  {
    name: 'record: what a killed program left is told from what was closed',
    file: 'protocol/recording/promised.ts',
    find: "late: type === 'recording.found'",
    replace: "late: type === ''",
    test: DOUBT,
    named: 'of a program that was killed is in the log from the next start on, which is said',
  },
  {
    name: 'replay: no recording whose time goes backwards',
    file: ASCIICAST,
    find: "if (at < this.#last) throw new BadRecordingError('time goes backwards', this.#line);",
    replace: '',
    test: 'tui/replay/asciicast.test.ts',
    named: REFUSED_LINE,
  },
  {
    name: 'replay: no recording with a line that is none, but at its end',
    file: ASCIICAST,
    find: 'if (this.#wrong !== null) throw this.#wrong;',
    replace: '',
    test: 'tui/replay/asciicast.test.ts',
    named: REFUSED_LINE,
  },
  {
    name: 'replay: no recording of a size that would take all memory',
    file: ASCIICAST,
    find: 'const Cells = (max: number) => z.int().min(1).max(max);',
    replace: 'const Cells = (max: number) => z.int().min(1).max(max * 1e6);',
    test: 'tui/replay/asciicast.test.ts',
    named: REFUSED_LINE,
  },
];
