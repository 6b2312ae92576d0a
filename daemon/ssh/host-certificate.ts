// The machine's host certificate in ssh2's server, which knows keys only: in the key exchange for clients that ask for
// it there, as stock ssh does, and right after it for `chaperone`.

import type { Connection, EncryptedPrivateKey, ParsedKey } from 'ssh2';
import { ChaperoneError } from '../../protocol/errors.ts';
import { hostCertificateMessage } from '../../protocol/host-certificate-message.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { field, sendPayload } from '../../protocol/ssh-handlers.ts';

/** The host key as ssh2 shall offer it: signs as it does, shows the certificate. */
export function certifiedHostKey(key: ParsedKey, certificate: Certificate): EncryptedPrivateKey {
  const shown: ParsedKey = Object.create(key, {
    type: { value: certificate.type },
    getPublicSSH: { value: () => certificate.blob },
  });
  return { key: shown, passphrase: '' };
}

/**
 * Call as soon as there is a connection, before the key exchange is answered.
 *
 * ssh2 names the signature after the negotiated algorithm; for a certificate it has to be the plain key's type
 * (PROTOCOL.certkeys of OpenSSH). ssh2 looks the key up by that algorithm first: that is the moment to put it right.
 */
export function presentHostCertificate(client: Connection, certificate: Certificate, toChaperone: boolean): void {
  const protocol = field(client, '_protocol');
  const keys = field(protocol, '_hostKeys');
  if (typeof protocol !== 'object' || protocol === null || typeof keys !== 'object' || keys === null) {
    throw new ChaperoneError('this version of ssh2 cannot be used (_hostKeys is missing)', {
      hint: 'install the version that package.json names',
    });
  }
  const shown: unknown = Reflect.get(keys, certificate.type);
  const own = Object.create(keys, {
    [certificate.type]: {
      get: () => {
        const negotiated = field(field(protocol, '_kex'), 'negotiated');
        if (typeof negotiated === 'object' && negotiated !== null) {
          Reflect.set(negotiated, 'serverHostKey', certificate.key.type);
        }
        return shown;
      },
    },
  });
  Reflect.set(protocol, '_hostKeys', own);
  if (toChaperone) {
    client.once('handshake', () => sendPayload(client, hostCertificateMessage(certificate)));
  }
}
