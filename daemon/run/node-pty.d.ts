// `node-pty` is installed under an alias, and the package types only its own name: lend those types to ours.
declare module 'node-pty' {
  export * from '@lydell/node-pty';
}
