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

/** The parameters of a GET, from the schema that checks them. */
export function parametersOf(query: z.ZodType): object[] {
  const { properties, required } = jsonSchema(query, "input") as {
    properties: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required?.includes(name) ?? false,
    schema,
  }));
}

export const visitorId = {
  name: "X-Visitor-Id",
  in: "header",
  required: false,
  description: "Who the visitor is from request to request; a random value that the booking page keeps.",
  schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
};

export const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Names this very request: sent again within a day, it is answered with the first result and done once (FND-26).",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
};
