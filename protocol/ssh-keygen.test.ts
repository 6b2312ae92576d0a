import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { newSshKey } from './ssh-keygen.ts';

const KEYS = 1500; // ssh2 alone spoils one in 256: the chance that it spoils none of these is 0.3 %

describe('new SSH keys', () => {
  it('can all be read again, also those whose public half begins with a zero byte', () => {
    for (let count = 0; count < KEYS; count += 1) {
      const { privateKey, publicLine } = newSshKey('someone@somewhere');
      const parsed = ssh2.utils.parseKey(privateKey);
      if (parsed instanceof Error) expect.fail(parsed.message);
      expect(publicLine).toBe(`ssh-ed25519 ${parsed.getPublicSSH().toString('base64')} someone@somewhere`);
    }
  });
});
