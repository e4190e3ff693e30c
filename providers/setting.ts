import type { z } from "zod";
import { ConfigError } from "../server/config.ts";

/** A vendor's setting from the environment. Throws ConfigError that names the variable, never its value. */
export function readSetting<T>(
  env: NodeJS.ProcessEnv,
  name: string,
  schema: z.ZodType<T>,
  expects: string,
  fallback?: string,
): T {
  const parsed = schema.safeParse(env[name] || fallback);
  if (!parsed.success) throw new ConfigError(`${name} must be ${expects}.`);
  return parsed.data;
}
