// Ports of the dashboard without a network: a machine in this process whose shell is a local bash on a pty, and whose
// local user does what the test says.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import type {
  ConnectForm,
  ConnectOptions,
  ConnectPort,
  DashboardPorts,
  RecordsPort,
  SessionPort,
} from '../../tui/dashboard/ports.ts';
import { localRecords } from './local-records.ts';
import { LocalSession } from './local-session.ts';

const CODE = '27-harbor-violet';
const FINGERPRINT = `SHA256:${'k'.repeat(43)}`;

export interface LocalMachineOptions {
  /** Shown to the technician as the first screen of the connect form. */
  readonly start?: Partial<ConnectForm>;
  readonly startAtOnce?: boolean;
  /** argv of the shell. @default bash without start-up files */
  readonly shell?: readonly string[];
}

/** What the local user can do, by word. */
export type Deed = 'allow' | 'deny' | 'pause' | 'resume' | 'end' | `say ${string}`;

export class LocalMachine {
  readonly #options: LocalMachineOptions;
  #answer: ((allowed: boolean) => void) | null = null;
  #session: LocalSession | null = null;
  #keyKnown = false;

  constructor(options: LocalMachineOptions = {}) {
    this.#options = options;
  }

  ports(): DashboardPorts {
    const { start, startAtOnce = false } = this.#options;
    const records: RecordsPort = localRecords();
    return { connect: this.#connectPort(), records, ...(start === undefined ? {} : { start, startAtOnce }) };
  }

  do(deed: Deed): void {
    if (deed === 'allow' || deed === 'deny') this.#answer?.(deed === 'allow');
    else this.#session?.do(deed);
  }

  #connectPort(): ConnectPort {
    return {
      key: async () => ({ name: 'maria@helpdesk', fingerprint: FINGERPRINT }),
      scopes: ['diagnostics', 'shell.readonly', 'shell', 'shell.suggest'],
      checkAddress: (address) =>
        /\s{2}|[^\w. :-]/.test(address) ? 'an address has letters, digits, dots and a port' : null,
      checkCode: (code) => (/^\d\d-\w+-\w+$/.test(code) ? null : 'a code looks like 27-harbor-violet'),
      connect: (form, options) => this.#connect(form, options),
    };
  }

  async #connect(form: ConnectForm, { onWaiting, onHostKey, onCode, signal }: ConnectOptions): Promise<SessionPort> {
    const gaveUp = () => new ChaperoneError('the request was withdrawn');
    const who = 'the person at front-desk-2';
    onWaiting({ stage: 'reaching', who: form.address, what: 'to answer', until: null });
    if (!this.#keyKnown && form.address.startsWith('new')) {
      if (!(await onHostKey({ address: form.address, fingerprint: FINGERPRINT, known: null }))) throw gaveUp();
      this.#keyKnown = true;
    }
    onWaiting({ stage: 'pairing', who, what: 'to check the code', until: null });
    let triesLeft = 3;
    for (let code: string | null = form.code; code !== CODE; triesLeft -= 1) {
      if (triesLeft === 0) throw new ChaperoneError('three codes were wrong', { hint: 'ask for the new one' });
      const words = code === '' ? 'the machine asks for its one-time code' : 'that code is not right';
      code = await onCode({ words, triesLeft });
      if (code === null) throw gaveUp();
    }
    onWaiting({ stage: 'consent', who, what: 'to answer your request', until: Date.now() + 60_000 });
    const allowed = await new Promise<boolean>((resolve, reject) => {
      this.#answer = resolve;
      signal.addEventListener('abort', () => reject(gaveUp()), { once: true });
      if (this.#options.startAtOnce === true) resolve(true);
    });
    this.#answer = null;
    if (!allowed) throw new ChaperoneError('the local user denied the request', { exitCode: EXIT.denied });
    this.#session = new LocalSession(form, this.#options.shell);
    return this.#session;
  }
}
