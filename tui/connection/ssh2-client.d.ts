// The client alone, without the server, HTTP agents and key generator that the package's index loads: 15 ms of a start.

declare module 'ssh2/lib/client.js' {
  export { Client as default } from 'ssh2';
}
