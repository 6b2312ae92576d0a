// Copies of shells that a program which was killed had left: nobody told the log of them when they broke off. The next
// start tells it what they are then, and that nothing vouches for what happened to them before.

import { lstatSync } from 'node:fs';
import { hashOf } from '../../protocol/recording/promised.ts';
import { syncRecording } from './cast-writer.ts';
import { wordsOf } from './log-words.ts';
import { OwnLog } from './own-log.ts';
import { SessionStore } from './sessions.ts';

/** Resolves when the log knows of all. @throws ChaperoneError when it cannot be read or written */
export async function vouchForLeftCopies(home: string, log: OwnLog = new OwnLog(home)): Promise<void> {
  const store = new SessionStore(home);
  const left = store.left();
  const words = left.length === 0 ? new Map() : (await wordsOf(log)).words;
  for (const folder of left) {
    for (const { id, file } of store.recordings(folder.session)) {
      if (words.has(`sessions/${folder.session}/${id}`) || !lstatSync(file).isFile()) {
        continue;
      }
      await syncRecording(file);
      const recordingSha256 = (await hashOf(file)) ?? '';
      const fields = { recording: id, recordingBytes: lstatSync(file).size, recordingSha256 };
      await log.append('recording.found', fields, { session: folder.session });
    }
    folder.copiesVouched();
  }
}
