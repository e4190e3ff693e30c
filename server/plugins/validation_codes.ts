import "postgraphile";
import type { ValidationRule } from "grafast/graphql";
import { validationError } from "../errors/graphql_errors.ts";

/**
 * A document that does not parse or does not fit the schema answers with GRAPHQL_VALIDATION and without
 * guesses at other names (FND-29); `rules` come on top of those of the specification.
 */
export function ValidationCodesPlugin(rules: readonly ValidationRule[]): GraphileConfig.Plugin {
  return {
    name: "ValidationCodesPlugin",
    version: "1.0.0",
    grafserv: {
      middleware: {
        setPreset(next, options) {
          options.validationRules.push(...rules);
          const { getExecutionConfig } = options;
          options.getExecutionConfig = async function (context) {
            const config = await getExecutionConfig.call(this, context);
            return {
              ...config,
              parseAndValidate(query) {
                const result = config.parseAndValidate(query);
                return result.errors ? { errors: result.errors.map(validationError) } : result;
              },
            };
          };
          return next();
        },
      },
    },
  };
}
