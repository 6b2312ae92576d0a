// Keys that stay inside ssh-agent: one agent per key, so that the connection knows which one the machine took.

import type { IdentityCallback, KnownPublicKeys, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import ssh2 from 'ssh2';

const AGENT_ANSWERS_WITHIN_MS = 2_000; // to list keys; a hung agent must not hang the connection

/** The keys that the agent at `socketPath` holds; none when it does not answer. */
export function listAgentKeys(socketPath: string): Promise<readonly ParsedKey[]> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve([]), AGENT_ANSWERS_WITHIN_MS);
    new ssh2.OpenSSHAgent(socketPath).getIdentities((error, keys) => {
      clearTimeout(limit);
      resolve(error || keys === undefined ? [] : keys.flatMap((key) => (isParsed(key) ? [key] : [])));
    });
  });
}

/** The agent gives parsed keys; its type allows for other forms. */
function isParsed(key: KnownPublicKeys<ParsedKey>[number]): key is ParsedKey {
  return 'getPublicSSH' in key;
}

/** Offers one key of an agent. `onSigning` brackets the signature, for which the agent may ask its owner. */
export class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: InstanceType<typeof ssh2.OpenSSHAgent>;
  readonly #key: ParsedKey;
  readonly #onSigning: (active: boolean) => void;

  constructor(socketPath: string, key: ParsedKey, onSigning: (active: boolean) => void) {
    super();
    this.#agent = new ssh2.OpenSSHAgent(socketPath);
    this.#key = key;
    this.#onSigning = onSigning;
  }

  getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#key]);
  }

  override sign(
    key: ParsedKey | Buffer | string,
    data: Buffer,
    optionsOrCallback?: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const options = typeof optionsOrCallback === 'object' ? optionsOrCallback : {};
    const done = typeof optionsOrCallback === 'function' ? optionsOrCallback : callback;
    this.#onSigning(true);
    this.#agent.sign(key, data, options, (error, signature) => {
      this.#onSigning(false);
      done?.(error, signature);
    });
  }
}
