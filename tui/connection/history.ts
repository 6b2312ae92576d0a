// What a session has shown so far, bounded: the machine's audit trail and the chat. Arrays change only as a whole.

import type { AuditEventView, ChatMessage } from '../../protocol/control/messages.ts';

const AUDIT_KEPT = 2000; // events; the rest is in the machine's log and in the session's folder
const CHAT_KEPT = 500; // lines

export class History {
  #audit: readonly AuditEventView[] = [];
  #chat: readonly ChatMessage[] = [];

  get audit(): readonly AuditEventView[] {
    return this.#audit;
  }

  get chat(): readonly ChatMessage[] {
    return this.#chat;
  }

  /** Returns the events that were new, in order. */
  addAudit(events: readonly AuditEventView[]): readonly AuditEventView[] {
    const last = this.#audit.at(-1)?.seq ?? -1;
    // In the usual case one event follows the last; a list that was asked for may overlap with what came by itself.
    const known = events.every((event) => event.seq > last) ? null : new Set(this.#audit.map((event) => event.seq));
    const fresh = events.filter((event) => known?.has(event.seq) !== true);
    if (fresh.length > 0) {
      const all = [...this.#audit, ...fresh];
      this.#audit = (known === null ? all : all.sort((a, b) => a.seq - b.seq)).slice(-AUDIT_KEPT);
    }
    return fresh;
  }

  addChat(message: ChatMessage): void {
    this.#chat = [...this.#chat, message].slice(-CHAT_KEPT);
  }
}
