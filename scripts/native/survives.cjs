// Exits with 0 when ssh2's native encryption is there and objects of it can be collected; with anything else when it
// is missing, or when it aborts the process as parts do that were compiled with the hooks of object-wrap.h.
const { gc } = globalThis; // node --expose-gc
const { AESGCMCipher, AESGCMDecipher } = require('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node');

for (const Class of [AESGCMCipher, AESGCMDecipher]) new Class('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12));
// Outside of this turn nothing holds them.
setImmediate(() => gc());
