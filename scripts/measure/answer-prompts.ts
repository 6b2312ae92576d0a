// What a measuring client says before its session: like `chaperone`, which pairs, or like plain ssh, which types the code.
import type { Client, ConnectConfig } from 'ssh2';
import { CODE_PROMPT, REASON_PROMPT, SCOPES_PROMPT, TICKET_PROMPT } from '../../protocol/conversation.ts';
import { PAIRING_PROMPT } from '../../protocol/pairing/messages.ts';
import { CLIENT_SOFTWARE } from '../../protocol/ssh-software.ts';
import { answerPairing } from '../../test/harness/pairing.ts';

export const REASON = 'measuring';
export const TICKET = 'BENCH-1';

export interface Answering {
  readonly code: string;
  /** The line of the technician's key. */
  readonly publicKey: string;
  /** Types the code. @default false */
  readonly plain?: boolean;
}

/** Answers by itself; what else the client must be told to connect. */
export function answerPrompts(client: Client, { code, publicKey, plain = false }: Answering): Partial<ConnectConfig> {
  let hostKey = Buffer.alloc(0);
  const answers: Readonly<Record<string, string>> = {
    [CODE_PROMPT]: code,
    [REASON_PROMPT]: REASON,
    [TICKET_PROMPT]: TICKET,
    [SCOPES_PROMPT]: 'diagnostics shell',
  };
  client.on('keyboard-interactive', (_name, instruction, _language, prompts, finish) =>
    finish(
      prompts.map(({ prompt }) =>
        prompt === PAIRING_PROMPT
          ? answerPairing(instruction, { client, hostKey, publicKey, code })
          : (answers[prompt] ?? ''),
      ),
    ),
  );
  return {
    ...(plain ? {} : { ident: CLIENT_SOFTWARE }),
    tryKeyboard: true,
    authHandler: ['publickey', 'keyboard-interactive'],
    hostVerifier: (blob: Buffer) => {
      hostKey = Buffer.from(blob);
      return true;
    },
  };
}
