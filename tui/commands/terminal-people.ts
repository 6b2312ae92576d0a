// The technician as the connection sees them when there is no dashboard: told at the terminal (or in JSON) who is
// awaited, for what, until when; asked for the code and about machines that were never met.

import { OneTimeCodeError, parseOneTimeCode } from '../../protocol/one-time-code.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { HostKeyNotTrusted, NoTechnicianKey, WHERE_IT_IS_READ } from '../connection/errors.ts';
import type { AskPassphrase } from '../connection/key-file.ts';
import type { ConnectOptions, HostKeyQuestion, Waiting } from '../dashboard/ports.ts';
import { printEvent, say } from './output.ts';
import { ask, askYesNo, canAsk } from './questions.ts';
import type { RequestOptions } from './request-options.ts';
import { WaitingLine } from './waiting-line.ts';

export class TerminalPeople implements ConnectOptions, Disposable {
  readonly signal: AbortSignal;
  readonly #options: RequestOptions;
  readonly #line = new WaitingLine();
  #leftOutTold = false;

  constructor(options: RequestOptions, signal: AbortSignal) {
    this.#options = options;
    this.signal = signal;
  }

  readonly onWaiting = (waiting: Waiting): void => {
    if (this.#options.json === true) {
      const until = waiting.until === null ? null : new Date(waiting.until).toISOString();
      printEvent({ event: 'waiting', ...waiting, until });
    } else {
      this.#tellLeftOut(waiting);
      this.#line.show(waiting);
    }
  };

  /** Once, and before the person has answered. */
  #tellLeftOut({ stage, notGiven = [] }: Waiting): void {
    if (stage !== 'consent' || notGiven.length === 0 || this.#leftOutTold) return;
    this.#leftOutTold = true;
    for (const { scope, why } of notGiven) {
      this.#line.clear();
      say(`the person is not asked for ${scope}: ${why}`);
    }
  }

  readonly onHostKey = async ({ address, fingerprint }: HostKeyQuestion): Promise<boolean> => {
    this.#line.clear();
    if (this.#options.acceptNew === true) {
      say(`${address} is new here. Its key is ${fingerprint}. It is remembered once the code fits.`);
      return true;
    }
    if (!canAsk()) {
      throw new HostKeyNotTrusted(fingerprint, `when the person reads the same: --fingerprint ${fingerprint}`);
    }
    say(`${address} was never met. Its key is`);
    say(`  ${fingerprint}`);
    say(`Ask the person for the fingerprint: they see it with ${WHERE_IT_IS_READ}.`);
    return await askYesNo('Is it the same?', { signal: this.signal });
  };

  readonly onCode = async ({
    words,
    triesLeft,
  }: {
    words: string;
    triesLeft: number | null;
  }): Promise<string | null> => {
    this.#line.clear();
    if (words !== '') {
      say(words);
    }
    if (!canAsk()) {
      return null;
    }
    const left = triesLeft === null || words.includes(String(triesLeft)) ? '' : ` (${triesLeft} left)`;
    for (;;) {
      const answer = await ask(`One-time code${left}: `, { signal: this.signal });
      const wrong = answer === null ? null : codeProblem(answer);
      if (wrong === null) {
        return answer;
      }
      say(wrong);
    }
  };

  /** Asks for the passphrase of a key, or says that nobody can be asked. */
  readonly askPassphrase: AskPassphrase = async ({ file, again }) => {
    this.#line.clear();
    if (!canAsk()) {
      if (this.#options.identity === undefined) {
        return null;
      }
      throw new NoTechnicianKey(
        `${sanitiseLine(file)} is locked with a passphrase`,
        `unlock it first: ssh-add ${file}`,
      );
    }
    return await ask(`${again ? 'That does not open it. ' : ''}Passphrase of ${file}: `, {
      signal: this.signal,
      hidden: true,
    });
  };

  [Symbol.dispose](): void {
    this.#line.clear();
  }
}

/** What is wrong with a text that no machine can have shown as its code; it does not use up a try. */
function codeProblem(answer: string): string | null {
  try {
    parseOneTimeCode(answer);
    return null;
  } catch (error) {
    if (!(error instanceof OneTimeCodeError)) {
      throw error;
    }
    return `${error.message}: ${error.hint}`;
  }
}
