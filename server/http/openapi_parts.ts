import { z } from "zod";

export function jsonSchema(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io }) as Record<string, unknown>;
  return rest;
}

function reference(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

export function body(schema: string): object {
  return { required: true, content: { "application/json": { schema: reference(schema) } } };
}

export function answer(description: string, schema: string): object {
  return { description, content: { "application/json": { schema: reference(schema) } } };
}

export function refusals(...statuses: number[]): Record<number, object> {
  return Object.fromEntries(statuses.map((status) => [status, answer("Refused.", "Refusal")]));
}
