// Guards of the layer record: nothing is seen that is not in the log and in the recording (promises 4 and 5).

import type { Guard } from './guard.ts';

const PROMISE_4 = 'test/promises/promise-04-no-recorder-no-session.test.ts';
const PROMISE_5 = 'test/promises/promise-05-write-ahead-audit.test.ts';
const TAMPERED = 'test/promises/tampered-record.test.ts';

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
    name: 'record: a lost recording pauses the session',
    file: 'daemon/path/run.ts',
    find: 'session.loseRecorder(problem.words);',
    replace: '',
    test: PROMISE_4,
    named: 'pauses when %s, then ends, and tells both',
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
];
