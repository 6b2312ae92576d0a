// A technician's program that shows any bytes as its certificate, also those that stock ssh would not show.

import ssh2 from 'ssh2';
import { packetGate } from '../../protocol/ssh-handlers.ts';

const PATIENCE_MS = 30_000;
const TYPE = 'ssh-ed25519-cert-v01@openssh.com';

export interface ShownCertificate {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH private key that signs. */
  readonly privateKey: string;
  /** What is shown as the certificate for it. */
  readonly blob: Buffer;
}

/** What the machine said until it hung up, one sentence per line. */
export async function showCertificate({ host, port, user, privateKey, blob }: ShownCertificate): Promise<string> {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const key: ssh2.ParsedKey = Object.create(parsed, {
    type: { value: TYPE },
    getPublicSSH: { value: () => blob },
    sign: { value: (data: Buffer) => parsed.sign(data) },
  });
  const client = new ssh2.Client();
  const { promise, resolve } = Promise.withResolvers<void>();
  let words = '';
  client.on('error', () => undefined).on('close', () => resolve());
  const methods: ssh2.AnyAuthMethod[] = [
    { type: 'publickey', username: user, key: parsed },
    { type: 'keyboard-interactive', username: user, prompt: () => client.end() },
  ];
  client.connect({
    host,
    port,
    username: user,
    readyTimeout: PATIENCE_MS,
    authHandler: (left, _partial, next) => {
      const method = methods.shift();
      if (method?.type === 'publickey') next({ ...method, key });
      else if (method !== undefined && left.includes('keyboard-interactive')) next(method);
      else client.end();
    },
  });
  packetGate(client)('USERAUTH_INFO_REQUEST', (pass, ...args) => {
    words += String(args[2]);
    pass(...args);
  });
  await promise;
  return words.trim();
}
