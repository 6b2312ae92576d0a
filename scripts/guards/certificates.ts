// Guards of certificates and revocation beside those of identity.ts: where one may be used, whose key it is, which
// lists are believed, and what happens to who is taken back.

import type { Guard } from './guard.ts';

const CHECK = 'protocol/identity/check-certificate.ts';
const CHECK_TEST = 'protocol/identity/check-certificate.test.ts';
const REVOCATIONS = 'daemon/identity/revocations.ts';
const REVOCATIONS_TEST = 'daemon/identity/revocations.test.ts';
const EACH_FAULT = 'as %s';

export const CERTIFICATE_GUARDS: readonly Guard[] = [
  {
    name: 'certificate: only from where it is for',
    file: CHECK,
    find: 'if (address === null || !isInside(allowed, address)) {',
    replace: "if (address === '' || allowed.ipv4 === undefined) {",
    test: CHECK_TEST,
    named: EACH_FAULT,
  },
  {
    name: 'certificate: nothing stands in it twice or behind it',
    file: 'protocol/identity/certificate.ts',
    find: '  reader.end();\n  return {\n    type,',
    replace: '  return {\n    type,',
    test: 'protocol/identity/certificate.test.ts',
    named: 'is not believed cut off or with something behind it',
  },
  {
    name: 'certificate: the key is theirs',
    file: 'daemon/path/authenticate.ts',
    find: 'if (!isProven(context, verdict.credential)) {',
    replace: 'if (!isProven(context, verdict.credential) && verdict === undefined) {',
    test: 'test/interop/certificates.test.ts',
    named: 'and tells a stranger nothing, who shows a good certificate without its key',
  },
  {
    name: 'signed file: the signature holds',
    file: 'protocol/identity/sshsig.ts',
    find: 'return known && sshsigHolds(parsed, message, namespace) ? parsed.publicKey : null;',
    replace: 'return known ? parsed.publicKey : null;',
    test: 'protocol/identity/sshsig.test.ts',
    named: 'with any byte flipped is believed by nobody',
  },
  {
    name: 'signed file: the signer is known',
    file: 'protocol/identity/sshsig.ts',
    find: 'const known = signers.some(({ blob }) => blob.equals(parsed.publicKey.blob));',
    replace: 'const known = signers.length > 0;',
    test: 'protocol/identity/sshsig.test.ts',
    named: 'by ssh-keygen -Y sign verifies here',
  },
  {
    name: 'revocation: no older list',
    file: REVOCATIONS,
    find: 'return old ?? {',
    replace: "return (old === '' ? old : null) ?? {",
    test: REVOCATIONS_TEST,
    named: 'an old list does not come back by a restart',
  },
  {
    name: 'revocation: without a list no certificate',
    file: REVOCATIONS,
    find: '    return unknown;',
    replace: '    return null;',
    test: REVOCATIONS_TEST,
    named: 'a list that was never there closes the door, says so, and opens it when it comes',
  },
  {
    name: 'revocation: a key that the policy lists',
    file: 'daemon/identity/judge-key.ts',
    find: "if (revoked?.reason === 'revoked') {",
    replace: "if (revoked?.reason === 'revoked' && listed.name === '') {",
    test: 'daemon/identity/judge-key.test.ts',
    named: 'is refused when it was taken back, and served while no list can be read',
  },
  {
    name: 'revocation: a session ends',
    file: 'daemon/path/watch-revocation.ts',
    find: "    session.end('machine', TAKEN_BACK);\n",
    replace: '',
    test: 'test/interop/revocation.test.ts',
    named: 'ends the live session, and the log says how fast',
  },
  {
    name: 'revocation: a request is withdrawn',
    file: 'daemon/path/watch-revocation.ts',
    find: '      void conversation\n        .refuse(',
    replace: '      if (revoked === undefined) void conversation\n        .refuse(',
    test: 'test/interop/revocation.test.ts',
    named: 'takes someone out of the queue while the person still reads the question',
  },
  {
    name: 'certificate: no network with bits of a host',
    file: 'protocol/identity/check-certificate.ts',
    find: ' || hasHostBits(network, family, width - prefix)',
    replace: '',
    test: 'protocol/identity/check-certificate.test.ts',
    named: 'is one where stock ssh-keygen takes it',
  },
  {
    name: 'revoke: a certificate of this authority',
    file: 'hub/commands/ca-revoke.ts',
    find: 'if (!ca.blob.equals(certificate.caBlob) ||',
    replace: 'if (ca.blob.length === 0 &&',
    test: 'hub/commands/ca.test.ts',
    named: 'takes certificates and keys back, in lists that stock ssh-keygen verifies',
  },
];
