import type { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";

/** Names the first field that does not fit, never what stood in it. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const [field = ""] = issue.keys;
    throw new Refusal("VALIDATION", "field_unknown", { field });
  }
  const field = issue?.path.join(".") || "body";
  if (issue?.path.length === 1 && (input as Record<string, unknown> | null)?.[field] === undefined) {
    throw new Refusal("VALIDATION", "required", { field });
  }
  throw new Refusal("VALIDATION", "field_invalid", { field, rule: issue?.message ?? "invalid" });
}
