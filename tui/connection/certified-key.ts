// A technician's certificate in ssh2, whose client knows keys only.
//
// To ssh2 it is a key with the type and the bytes of the certificate, and that is right for everything but the
// signature: its inner type is that of the plain key (PROTOCOL.certkeys of OpenSSH), where ssh2 repeats the outer one.
// So that one packet is written here (RFC 4252 §7). An RSA certificate is shown under the name of the algorithm that
// signs (RFC 8332 §2), because its own name means SHA-1.

import type { Client, ParsedKey } from 'ssh2';
import utils from 'ssh2/lib/protocol/utils.js';
import { type Certificate, isCertificateType } from '../../protocol/identity/certificate.ts';
import { WireWriter } from '../../protocol/identity/ssh-wire.ts';
import { field, sendPayload } from '../../protocol/ssh-handlers.ts';
import { NoTechnicianKey } from './errors.ts';

const USERAUTH_REQUEST = 50; // RFC 4252 §6
const CERTIFICATE_SUFFIX = '-cert-v01@openssh.com';
const RSA_SIGNATURE = 'rsa-sha2-512';
const RSA_HASH = 'sha512';

/** What an RSA key has to be told to sign with; undefined for keys that know one hash only. */
export function hashFor(type: string): typeof RSA_HASH | undefined {
  return plainType(type) === 'ssh-rsa' ? RSA_HASH : undefined;
}

/** The type of the key inside, whether it is shown alone or certified. */
export function plainType(type: string): string {
  return type.replace(CERTIFICATE_SUFFIX, '');
}

/** The algorithm that a certified key of this type signs with. */
function signatureType(type: string): string {
  return plainType(type) === 'ssh-rsa' ? RSA_SIGNATURE : plainType(type);
}

/** What ssh2 shall offer: signs with `key`, shows `certificate`. @throws NoTechnicianKey when they do not belong together */
export function certifiedKey(key: ParsedKey, certificate: Certificate): ParsedKey {
  if (!key.getPublicSSH().equals(certificate.key.blob)) {
    throw new NoTechnicianKey(
      `the certificate is for the key ${certificate.key.fingerprint}, which is another one`,
      'name the certificate that was made for this key, or leave it out',
    );
  }
  return Object.create(key, {
    type: { value: certificate.type },
    getPublicSSH: { value: () => certificate.blob },
    sign: { value: (data: Buffer, hash?: string) => key.sign(data, hash ?? hashFor(key.type)) },
  });
}

/** Call right after `client.connect`. Throws when ssh2's parts are not where they are expected. */
export function presentCertificates(client: Client): void {
  const protocol = field(client, '_protocol');
  const plain = field(protocol, 'authPK');
  if (typeof protocol !== 'object' || protocol === null || typeof plain !== 'function') {
    throw new NoTechnicianKey('this version of ssh2 cannot be used (authPK is missing)', 'install the pinned version');
  }
  Reflect.set(protocol, 'authPK', (user: string, key: ParsedKey, algorithm: unknown, sign: unknown) => {
    const inner = signatureType(key.type);
    const outer = `${inner}${CERTIFICATE_SUFFIX}`;
    if (!isCertificateType(key.type) || typeof sign !== 'function') {
      Reflect.apply(plain, protocol, [user, key, isCertificateType(key.type) ? outer : algorithm, sign]);
      return;
    }
    const request = new WireWriter()
      .raw(Buffer.of(USERAUTH_REQUEST))
      .string(user)
      .string('ssh-connection')
      .string('publickey')
      .raw(Buffer.of(1))
      .string(outer)
      .string(key.getPublicSSH())
      .finish();
    const session = field(field(protocol, '_kex'), 'sessionID');
    const signed = new WireWriter()
      .string(session instanceof Uint8Array ? session : '')
      .raw(request)
      .finish();
    Reflect.apply(sign, undefined, [signed, (signature: Buffer) => answer(client, request, inner, signature)]);
  });
}

function answer(client: Client, request: Buffer, type: string, signature: Buffer): void {
  const converted = utils.convertSignature(signature, type);
  if (converted === false) {
    throw new NoTechnicianKey(`the key gave a signature that is none of ${type}`, 'use an Ed25519 key');
  }
  const wrapped = new WireWriter().string(type).string(converted).finish();
  const payload = new WireWriter().raw(request).string(wrapped).finish();
  const waiting = field(field(client, '_protocol'), '_authsQueue');
  if (!Array.isArray(waiting)) {
    throw new NoTechnicianKey(
      'this version of ssh2 cannot be used (_authsQueue is missing)',
      'install the pinned version',
    );
  }
  waiting.push('publickey');
  sendPayload(client, payload);
}
