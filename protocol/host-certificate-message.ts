// How a machine shows its host certificate to `chaperone`: in an SSH_MSG_DEBUG (RFC 4253 §11.3) right after the key
// exchange, before anyone says who they are. Every other program ignores it.
//
// Stock ssh is shown the certificate in the key exchange itself; ssh2's client cannot take it there. The certificate is
// bound to this connection by the key in it, which the key exchange has proved (docs/decisions).

import { type Certificate, parseCertificate } from './identity/certificate.ts';
import { fromBase64, WireError, WireWriter } from './identity/ssh-wire.ts';

const SSH_MSG_DEBUG = 4;
const PREFIX = 'host-certificate@chaperone ';
const TEXT_MAX = 44 * 1024; // characters; a certificate of 32 KiB in base64

/** Payload of the packet. */
export function hostCertificateMessage(certificate: Certificate): Buffer {
  return new WireWriter()
    .raw(Buffer.of(SSH_MSG_DEBUG, 0))
    .string(`${PREFIX}${certificate.blob.toString('base64')}`)
    .string('')
    .finish();
}

/** The certificate in the text of such a message; null when it is about something else. @throws WireError */
export function readHostCertificateMessage(text: string): Certificate | null {
  if (!text.startsWith(PREFIX)) {
    return null;
  }
  const blob = text.length > TEXT_MAX ? null : fromBase64(text.slice(PREFIX.length));
  if (blob === null) {
    throw new WireError('the certificate of the machine is not base64');
  }
  return parseCertificate(blob);
}
