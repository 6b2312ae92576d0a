// What ssh2 uses to write packets, which its types leave out.

declare module 'ssh2/lib/protocol/utils.js' {
  const utils: {
    /** From OpenSSL's form to SSH's; false when it is no signature of that type. */
    convertSignature(signature: Buffer, keyType: string): Buffer | false;
    /** Encrypts and sends, or keeps it until a running key exchange is over. */
    sendPacket(protocol: object, packet: unknown): boolean;
  };
  export default utils;
}
