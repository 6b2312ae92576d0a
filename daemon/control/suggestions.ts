// Suggested commands of one control channel: what the technician hears of each.

import { StringDecoder } from 'node:string_decoder';
import type { RequestParams, RequestResult } from '../../protocol/control/messages.ts';
import { RPC_ERRORS } from '../../protocol/control/rpc.ts';
import { plainLine } from '../../protocol/request.ts';
import type { Guided, Proposal } from '../guided/guided.ts';
import type { Notify } from './methods.ts';
import { ControlRefusal } from './refusal.ts';

const TEXT_MAX = 16 * 1024; // characters of one notification; escaped they stay below the line's 256 KiB
const WORDS_MAX = 300; // characters of a reason or purpose

export class Suggestions {
  readonly #guided: Guided;
  readonly #notify: Notify;
  readonly #open = new Map<number, Proposal>();

  constructor(guided: Guided, notify: Notify) {
    this.#guided = guided;
    this.#notify = notify;
  }

  async propose({ command, purpose }: RequestParams<'command.propose'>): Promise<RequestResult<'command.propose'>> {
    const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
    // The answer with the number goes out before anything that is said about it.
    const answered = Promise.withResolvers<number>();
    const say = (tell: (proposal: number) => void) => void answered.promise.then(tell);
    const output = (stream: 'stdout' | 'stderr', text: string) => {
      for (let at = 0; at < text.length; at += TEXT_MAX) {
        const part = text.slice(at, at + TEXT_MAX);
        say((proposal) => this.#notify('command.output', { proposal, stream, text: part }));
      }
    };
    const proposal = await this.#guided.propose(
      { command, purpose: oneLine(purpose, 'the purpose') },
      {
        onState: (state, shown, message) =>
          say((number) => this.#notify('command.state', { proposal: number, state, command: shown, message })),
        onOutput: (stream, chunk) => output(stream, decoders[stream].write(chunk)),
      },
    );
    const { number, shown, verdict } = proposal;
    this.#open.set(number, proposal);
    setImmediate(() => answered.resolve(number));
    void proposal.ended.then((end) => {
      this.#open.delete(number);
      for (const stream of ['stdout', 'stderr'] as const) {
        output(stream, decoders[stream].end());
      }
      say(() => this.#notify('command.result', { proposal: number, ...end }));
    });
    return { proposal: number, command: shown, risk: verdict.risk };
  }

  cancel(number: number): Record<string, never> {
    this.#open.get(number)?.cancel();
    return {};
  }

  cancelAll(): void {
    for (const proposal of this.#open.values()) {
      proposal.cancel();
    }
  }
}

/** One safe line of the technician's. @throws ControlRefusal */
export function oneLine(text: string, what: string): string {
  const parsed = plainLine(WORDS_MAX, what).safeParse(text);
  if (!parsed.success) {
    throw new ControlRefusal(RPC_ERRORS.invalidParams, parsed.error.issues[0]?.message ?? `${what} cannot be used`);
  }
  return parsed.data;
}
