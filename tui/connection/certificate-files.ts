// Certificates in files: the one that the technician named, and those that lie beside keys.

import { readFile, stat } from 'node:fs/promises';
import { type Certificate, parseCertificateLine } from '../../protocol/identity/certificate.ts';
import { WireError } from '../../protocol/identity/ssh-wire.ts';
import { NoTechnicianKey } from './errors.ts';

const FILE_MAX = 64 * 1024; // bytes; a certificate with all that it may hold is below

/** The file beside a private key in which its certificate is kept, as `ssh-keygen -s` writes it. */
export function certificateFileOf(keyFile: string): string {
  return `${keyFile}-cert.pub`;
}

/** @throws NoTechnicianKey when there is none, or it is not for a technician */
export async function readCertificateFile(file: string): Promise<Certificate> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > FILE_MAX) {
      throw new NoTechnicianKey(`${file} is too large for a certificate`, 'is it the right file?');
    }
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof NoTechnicianKey) {
      throw cause;
    }
    throw new NoTechnicianKey(`the certificate ${file} cannot be read`, 'check the path', cause);
  }
  try {
    const certificate = parseCertificateLine(text.split('\n', 1)[0] ?? '');
    if (certificate.kind === 'user') {
      return certificate;
    }
    throw new NoTechnicianKey(
      `${file} is the certificate of a machine, not of a technician`,
      'ask for one for your own key; what to send: chaperone whoami',
    );
  } catch (cause) {
    if (cause instanceof WireError) {
      throw new NoTechnicianKey(
        `${file} holds no certificate (${cause.message})`,
        'name the file that ends in -cert.pub',
        cause,
      );
    }
    throw cause;
  }
}

/** The certificate beside a key, or null. One that cannot be read is left out: the key alone may do. */
export async function certificateBeside(keyFile: string): Promise<Certificate | null> {
  return await readCertificateFile(certificateFileOf(keyFile)).catch(() => null);
}
