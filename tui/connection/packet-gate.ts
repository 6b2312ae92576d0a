// Stands in front of ssh2's packet handlers, for three things that its client does not offer: it answers status
// requests of keyboard-interactive by itself and shows them to nobody; it forgets a partial success when a key came
// from an agent; and it takes more bytes than the window allows (its issue 1505).

import type { Client } from 'ssh2';
import { callMethod, field, packetGate } from '../../protocol/ssh-handlers.ts';

export interface InfoRequest {
  readonly name: string;
  readonly instruction: string;
  readonly prompts: readonly string[];
}

export interface PacketEvents {
  /** Keyboard-interactive asks, or tells when there are no prompts. `answer` must be called once. */
  readonly onInfoRequest: (request: InfoRequest, answer: (answers: readonly string[]) => void) => void;
  /** An authentication method failed, or succeeded and is not enough (`partial`). */
  readonly onFailure: (methodsLeft: readonly string[], partial: boolean) => void;
  /** The machine sent more than it may; nothing further should be read. */
  readonly onOverrun: () => void;
}

/** Call right after `client.connect`. Throws when ssh2's handlers are not where they are expected. */
export function gatePackets(client: Client, events: PacketEvents): void {
  const gate = packetGate(client);

  gate('USERAUTH_INFO_REQUEST', (_pass, protocol, name, instruction, prompts) => {
    const asked = Array.isArray(prompts) ? prompts.map((prompt) => String(field(prompt, 'prompt') ?? '')) : [];
    events.onInfoRequest(
      { name: String(name ?? ''), instruction: String(instruction ?? ''), prompts: asked },
      (answers) => void callMethod(protocol, 'authInfoRes', [...answers]),
    );
  });

  gate('USERAUTH_FAILURE', (pass, protocol, methods, partial) => {
    events.onFailure(Array.isArray(methods) ? methods.map(String) : [], partial === true);
    pass(protocol, methods, partial);
  });

  for (const name of ['CHANNEL_DATA', 'CHANNEL_EXTENDED_DATA']) {
    gate(name, (pass, protocol, recipient, ...rest) => {
      pass(protocol, recipient, ...rest);
      const channel = callMethod(field(client, '_chanMgr'), 'get', recipient);
      const window = field(field(channel, 'incoming'), 'window');
      if (typeof window === 'number' && window < 0) {
        events.onOverrun();
      }
    });
  }
}
