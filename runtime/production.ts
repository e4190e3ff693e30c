import { StartupError } from "./startup_error.ts";

/**
 * Whether this is production, for programs that start or change a database. A deployment that forgot APP_MODE, and
 * one that misspelt it, count as production: what is made up for development must not be made up there. FND-36.
 */
export function isProduction(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.APP_MODE) return env.APP_MODE !== "embedded";
  return env.NODE_ENV === "production";
}

/** Refuses a program of development in production. */
export function refuseInProduction(what: string, env: NodeJS.ProcessEnv = process.env): void {
  if (isProduction(env)) throw new StartupError(`${what} is for development: it does not run in production.`);
}
