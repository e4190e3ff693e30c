import type { z } from "zod";
import { ConfigError, together } from "../config_error.ts";

/** An environment variable: how its text is read, and what it must be, as the operator is told. */
export type Variable<T = unknown> = { schema: z.ZodType<T>; expects: string };

/**
 * Reads one variable; `fallback` is the text that stands for one that is not set. Every setting of every process is
 * read here, so that each is checked and told alike. Throws a ConfigError that names the variable and what it must be,
 * never its value. FND-30.
 */
export function readVariable<T>(
  env: NodeJS.ProcessEnv,
  name: string,
  variable: Variable<T>,
  fallback?: string,
): T {
  // An empty variable is a variable that was not set: shells and compose files write both.
  const parsed = variable.schema.safeParse(env[name] || fallback);
  if (!parsed.success) throw mustBe(name, variable);
  return parsed.data;
}

/** Reads several, by name. Throws one ConfigError that names each that is missing or wrong. */
export function readVariables<const Wanted extends Record<string, Variable>>(
  env: NodeJS.ProcessEnv,
  wanted: Wanted,
): { [Name in keyof Wanted]: z.output<Wanted[Name]["schema"]> } {
  const values = together(
    ...Object.entries(wanted).map(([name, variable]) => () => [name, readVariable(env, name, variable)]),
  );
  return Object.fromEntries(values as [string, unknown][]) as never;
}

/** The value of a variable that may be absent, where it must not be. */
export function need<T>(name: string, variable: Variable, value: T | undefined): T {
  if (value === undefined) throw mustBe(name, variable);
  return value;
}

function mustBe(name: string, { expects }: Variable): ConfigError {
  return new ConfigError(`${name} must be ${expects}.`);
}
