// JSON-RPC 2.0 envelopes, as both ends of the control channel and of the machine's local socket read them.

import { z } from 'zod';

const Id = z.union([z.int(), z.string().max(64)]);

const ErrorObject = z.strictObject({
  code: z.int(),
  message: z.string().max(500),
  data: z.strictObject({ hint: z.string().max(500).optional() }).optional(),
});

export const RpcRequest = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: Id,
  method: z.string().max(64),
  params: z.unknown().optional(),
});
export const RpcNotification = z.strictObject({
  jsonrpc: z.literal('2.0'),
  method: z.string().max(64),
  params: z.unknown().optional(),
});
export const RpcResult = z.strictObject({ jsonrpc: z.literal('2.0'), id: Id, result: z.unknown() });
export const RpcFailure = z.strictObject({ jsonrpc: z.literal('2.0'), id: Id.nullable(), error: ErrorObject });

export const RpcMessage = z.union([RpcRequest, RpcResult, RpcFailure, RpcNotification]);
export type RpcMessage = z.infer<typeof RpcMessage>;
export type RpcError = z.infer<typeof ErrorObject>;

/** Error codes of JSON-RPC 2.0 §5.1, and ours from -32000 down. */
export const RPC_ERRORS = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  notPermitted: -32001,
  sessionPaused: -32002,
  sessionEnded: -32003,
  busy: -32004,
} as const;

/** What a line holds, or null when it is no JSON-RPC 2.0 message. */
export function parseRpc(line: string): RpcMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = RpcMessage.safeParse(value);
  return parsed.success ? parsed.data : null;
}
