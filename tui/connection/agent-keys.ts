// Keys that stay inside ssh-agent: one agent per key, so that the connection knows which one the machine took.

import type { IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import ssh2 from 'ssh2';
import { type Certificate, isCertificateType, parseCertificate } from '../../protocol/identity/certificate.ts';
import { formatPublicLine } from '../../protocol/identity/public-key.ts';
import { WireError, WireReader } from '../../protocol/identity/ssh-wire.ts';
import { listIdentities } from './agent-protocol.ts';
import { certifiedKey, hashFor, plainType } from './certified-key.ts';

const TYPE_MAX = 64; // bytes of a key type's name

export interface AgentKey {
  /** With the certificate's type and bytes when it is one. */
  readonly key: ParsedKey;
  readonly certificate: Certificate | null;
}

/** The keys and certificates that the agent at `socketPath` holds; none when it does not answer. */
export async function listAgentKeys(socketPath: string): Promise<readonly AgentKey[]> {
  const identities = await listIdentities(socketPath);
  return identities.flatMap(({ blob, comment }) => read(blob, comment) ?? []);
}

function read(blob: Buffer, comment: string): AgentKey | null {
  try {
    const type = new WireReader(blob).text(TYPE_MAX);
    const certificate = isCertificateType(type) ? parseCertificate(blob) : null;
    const key = parsedPublicKey(certificate?.key ?? { type, blob }, comment);
    if (key === null || certificate === null) {
      return key === null ? null : { key, certificate };
    }
    return certificate.kind === 'user' ? { key: certifiedKey(key, certificate), certificate } : null;
  } catch (error) {
    if (error instanceof WireError) {
      return null; // of a kind that is not known here
    }
    throw error;
  }
}

export interface AgentOffer {
  /** What the machine is shown: a key, or a certificate. */
  readonly shown: ParsedKey;
  /** Under which the agent knows it. */
  readonly signsWith: ParsedKey;
  /** Brackets the signature, for which the agent may ask its owner. */
  readonly onSigning: (active: boolean) => void;
}

/** The public half as ssh2 wants it; null when it does not know the kind. */
function parsedPublicKey(key: { readonly type: string; readonly blob: Buffer }, comment: string): ParsedKey | null {
  const parsed = ssh2.utils.parseKey(formatPublicLine(key, comment));
  return parsed instanceof Error ? null : parsed;
}

/** Offers one key of an agent. */
export class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: InstanceType<typeof ssh2.OpenSSHAgent>;
  readonly #offer: AgentOffer;

  constructor(socketPath: string, offer: AgentOffer) {
    super();
    this.#agent = new ssh2.OpenSSHAgent(socketPath);
    this.#offer = offer;
  }

  getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#offer.shown]);
  }

  override sign(
    _key: ParsedKey | Buffer | string,
    data: Buffer,
    optionsOrCallback?: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof optionsOrCallback === 'function' ? optionsOrCallback : callback;
    const { shown, signsWith, onSigning } = this.#offer;
    const certified = isCertificateType(shown.type);
    const given = typeof optionsOrCallback === 'object' ? optionsOrCallback : {};
    const hash = certified ? hashFor(shown.type) : undefined;
    // ssh2 tells the agent of the hash only for keys that it knows as RSA, and it knows no certificates.
    const key: ParsedKey = certified
      ? Object.create(signsWith, { type: { value: plainType(signsWith.type) } })
      : signsWith;
    onSigning(true);
    this.#agent.sign(key, data, hash === undefined ? given : { ...given, hash }, (error, signature) => {
      onSigning(false);
      done?.(error, signature);
    });
  }
}
