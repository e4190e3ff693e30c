import type { z } from "zod";
import { readVariable } from "./variable.ts";
import { variables } from "./variables.ts";

export type Mode = z.output<typeof variables.APP_MODE.schema>;

/** The mode that the environment names; what it does not name is no production (FND-30). */
export function readMode(env: NodeJS.ProcessEnv): Mode {
  const nodeEnv = readVariable(env, "NODE_ENV", variables.NODE_ENV);
  // A production deployment that forgot APP_MODE must not come up with the development issuer.
  if (!env.APP_MODE && nodeEnv !== "production") return "embedded";
  return readVariable(env, "APP_MODE", variables.APP_MODE);
}

/** The environment for the rest of a list whose first line says that the mode is wrong: production's is asked for. */
export function withSomeMode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv & { APP_MODE: Mode } {
  try {
    return { ...env, APP_MODE: readMode(env) };
  } catch {
    return { ...env, APP_MODE: "production" };
  }
}
