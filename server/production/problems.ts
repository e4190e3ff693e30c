import { trustOwnAuthority } from "../../db/bin/own_authority.ts";
import { migrationProblems } from "../../db/bin/prepare_production.ts";
import { readWorkerSettings } from "../../tasks/config.ts";
import { readApiSettings } from "../api_settings.ts";
import { problemsOf } from "../config_error.ts";

/** Everything that is missing or wrong for the API, the worker and the migration, once each. FND-36. */
export function productionProblems(env: NodeJS.ProcessEnv): string[] {
  return [
    ...new Set([
      ...problemsOf(() => readApiSettings(env)),
      ...problemsOf(() => readWorkerSettings(env)),
      ...migrationProblems(env),
      ...problemsOf(() => trustOwnAuthority(env)),
    ]),
  ];
}
