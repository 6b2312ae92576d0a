// The policy's schema as JSON Schema, for editors that complete and check a policy while it is written.

import { z } from 'zod';
import { ONE_OR_MORE } from './key-source.ts';
import { MachinePolicyFile, OrganisationPolicyFile } from './schema.ts';

const KINDS = {
  machine: { schema: MachinePolicyFile, title: 'Policy of a machine' },
  organisation: { schema: OrganisationPolicyFile, title: 'Policy of an organisation' },
} as const;
export type PolicyKind = keyof typeof KINDS;

/** Text of the JSON Schema (draft 2020-12), ending in a newline. */
export function jsonSchemaText(kind: PolicyKind): string {
  const { schema, title } = KINDS[kind];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const written: unknown = JSON.parse(JSON.stringify({ $schema, title, ...rest }), (_, value: unknown) =>
    isList(value) ? listOrOne(value) : value,
  );
  return `${JSON.stringify(written, null, 2)}\n`;
}

const isList = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, ONE_OR_MORE);

/** A list of which one element can stand alone: the schema's own way to take both is nothing that it can tell. */
function listOrOne({ description, items, maxItems }: Record<string, unknown>): object {
  return { description, anyOf: [items, { type: 'array', items, maxItems }] };
}
