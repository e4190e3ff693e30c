import { migrationProblems } from "../../db/migrating/prepare_production.ts";
import { problemsOf } from "../../runtime/config_error.ts";
import { trustOwnAuthority } from "../../runtime/own_authority.ts";
import { readApiSettings } from "../../server/api_settings.ts";
import { readWorkerSettings } from "../../tasks/config.ts";

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
