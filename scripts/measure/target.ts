// What the measurements need of a server, so that OpenSSH and ours are measured by the same code.
import type { Client } from 'ssh2';

/** A server in processes of its own, ready for clients. */
export interface Target extends AsyncDisposable {
  /** Heading of its column. */
  readonly name: string;
  /** Logs in, until the client may open channels. */
  connect(): Promise<Connection>;
  /** Runs the server's own client program from nothing: connect, do next to nothing, leave. */
  coldStart(): Promise<ColdStart>;
  /** Process IDs whose memory is the server's own; not those of programs that it runs for clients. */
  serverProcesses(): number[];
  /** Ends every session from the machine's side, as the person there does; absent where nobody can. */
  readonly endAll?: () => Promise<void>;
}

export interface Connection extends AsyncDisposable {
  readonly client: Client;
  /** Time of performance.now() when the TCP connection was begun: what a client must be told before is not its time. */
  readonly begunAt: number;
  /** How long logging in stood still for a person's answer; 0 where nobody is asked. */
  readonly waitedForPersonMs: number;
}

export interface ColdStart {
  /** From starting the program to its exit. */
  readonly durationMs: number;
  readonly waitedForPersonMs: number;
}
