// The only algorithms that this program speaks (DESIGN.md §5): a machine that wants older ones is not reached.

import type { ConnectConfig } from 'ssh2';

export const ALGORITHMS: NonNullable<ConnectConfig['algorithms']> = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  serverHostKey: ['ssh-ed25519'],
  cipher: ['aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'],
  // Both ciphers authenticate by themselves; SSH still negotiates a name.
  hmac: ['hmac-sha2-256-etm@openssh.com'],
  compress: ['none'],
};
