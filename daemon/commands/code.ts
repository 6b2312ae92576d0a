// `chaperoned code`: what to read to the technician on the phone.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { clock } from '../prompt/words.ts';
import { withDaemon } from './daemon-client.ts';
import { type OutputOptions, print } from './output.ts';

export async function code(options: OutputOptions & { readonly new?: boolean }): Promise<void> {
  const view = await withDaemon((client) => (options.new === true ? client.newCode() : client.code()));
  print(options, view, [
    `This computer's number: ${formatConnectionId(view.connectionId)}`,
    `One-time code:          ${view.code}`,
    `A new code comes in ${clock(Date.parse(view.expiresAt) - Date.now())}.`,
  ]);
}
