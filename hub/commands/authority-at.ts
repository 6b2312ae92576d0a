// Which authority a command is about.

import { join, resolve } from 'node:path';
import { hubHome } from '../../protocol/home.ts';
import { Authority } from '../authority/authority.ts';

export interface DirectoryOptions {
  readonly dir?: string;
}

export function authorityAt({ dir }: DirectoryOptions): Authority {
  return new Authority(dir === undefined ? join(hubHome(), 'ca') : resolve(dir));
}
