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
