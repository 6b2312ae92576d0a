// The names of the permissions, apart from scopes.ts so that a command line can be checked before schemas are loaded.

/** Every scope, least powerful first; prompts list them in this order. */
export const SCOPES = [
  'diagnostics',
  'shell.suggest',
  'shell.readonly',
  'shell',
  'shell.admin',
  'screen.view',
  'screen.control',
  'files.push',
  'files.pull',
  'reboot',
] as const;
