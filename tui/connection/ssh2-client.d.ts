// Parts of ssh2 by themselves: the client without the server, HTTP agents and key generator that the package's index
// loads (15 ms of a start), and what writes a packet.

declare module 'ssh2/lib/client.js' {
  export { Client as default } from 'ssh2';
}

declare module 'ssh2/lib/protocol/utils.js' {
  const utils: {
    /** From OpenSSL's form to SSH's; false when it is no signature of that type. */
    convertSignature(signature: Buffer, keyType: string): Buffer | false;
    /** Encrypts and sends, or keeps it until a running key exchange is over. */
    sendPacket(protocol: object, packet: unknown): boolean;
  };
  export default utils;
}
