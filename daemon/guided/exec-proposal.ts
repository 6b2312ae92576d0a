// SSH `exec` under `shell.suggest` (DESIGN.md §7): plain ssh proposes a command; what the person approved runs, and its
// output comes back as from any ssh command.

import type { ServerChannel } from 'ssh2';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import type { Session, SessionPart } from '../session/session.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import { PacedOutput, STDERR } from '../ssh/paced-output.ts';
import type { Guided, Proposal, ProposalEnd } from './guided.ts';

const PURPOSE = 'no purpose was given (plain ssh)';

/** Serves one `exec` channel to its end. */
export function serveExec(
  channel: ServerChannel,
  command: string,
  guided: Guided,
  session: Session,
  connection: TechnicianConnection,
): void {
  const part = new ExecPart(channel, connection);
  const attached = session.attach(part);
  channel.on('error', () => channel.destroy());
  channel.stderr.on('error', () => undefined);
  channel.resume(); // a command reads nothing: what comes is thrown away
  void part
    .run(guided, command)
    .catch((problem: unknown) => part.refuse(problem))
    .finally(() => attached[Symbol.dispose]());
}

class ExecPart implements SessionPart {
  readonly scope = 'shell.suggest';
  readonly #channel: ServerChannel;
  readonly #paced: PacedOutput;
  #proposal: Proposal | null = null;
  #onEmpty: () => void = () => undefined;
  #cut = false;

  constructor(channel: ServerChannel, connection: TechnicianConnection) {
    this.#channel = channel;
    this.#paced = new PacedOutput(channel, connection, () => this.#empty());
  }

  async run(guided: Guided, command: string): Promise<void> {
    const proposal = await guided.propose(
      { command, purpose: PURPOSE },
      {
        onState: (state, shown, message) => this.#say(state === 'running' ? `running: ${shown}` : message),
        onOutput: (stream, chunk) => this.#paced.write(chunk, stream === 'stderr' ? STDERR : ''),
      },
    );
    this.#proposal = proposal;
    this.#channel.on('close', () => proposal.cancel());
    const end = await proposal.ended;
    await this.#delivered();
    this.#leave(end);
  }

  refuse(problem: unknown): void {
    const words = problem instanceof ChaperoneError ? problem.message : 'the machine could not do this';
    this.#leave({ outcome: 'declined', message: words, exitCode: null });
  }

  #leave({ outcome, message, exitCode }: Pick<ProposalEnd, 'outcome' | 'message' | 'exitCode'>): void {
    if (this.#cut) {
      return;
    }
    if (outcome !== 'done') {
      this.#channel.stderr.write(`${message}\r\n`);
    }
    this.#channel.exit(exitCode ?? (outcome === 'declined' ? EXIT.denied : EXIT.failure));
    this.#channel.end();
    this.#channel.close();
  }

  #say(words: string): void {
    this.#paced.write(Buffer.from(`${words}\r\n`), STDERR);
  }

  #empty(): void {
    if (this.#paced.queued === 0) {
      this.#onEmpty();
    }
  }

  #delivered(): Promise<void> {
    if (this.#paced.queued === 0 || this.#cut) {
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    this.#channel.once('close', resolve);
    return promise;
  }

  freeze(): void {
    this.#paced.hold(true);
  }

  thaw(): void {
    this.#paced.hold(false);
  }

  cut(words: string): void {
    if (this.#cut) {
      return;
    }
    this.#cut = true;
    this.#paced.discard();
    this.#onEmpty();
    this.#proposal?.cancel();
    if (this.#channel.writable) {
      this.#channel.stderr.write(`\r\n${words}\r\n`);
      this.#channel.exit(EXIT.ended);
    }
    this.#channel.close();
  }

  async finish(): Promise<void> {
    await this.#proposal?.ended;
  }
}
