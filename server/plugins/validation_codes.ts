import "postgraphile";
import type { GraphQLError, ValidationContext, ValidationRule } from "grafast/graphql";
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
          options.validationRules.unshift(briefly);
          options.validationRules.push(...rules);
          const { getExecutionConfig } = options;
          options.getExecutionConfig = async function (context) {
            const config = await getExecutionConfig.call(this, context);
            return {
              ...config,
              parseAndValidate(query) {
                try {
                  const result = config.parseAndValidate(query);
                  return result.errors ? { errors: result.errors.map(validationError) } : result;
                } catch (error) {
                  if (error instanceof WrongEnough) return { errors: error.errors.map(validationError) };
                  throw error;
                }
              },
            };
          };
          return next();
        },
      },
    },
  };
}

/** How many mistakes of a document are told: one with more was not written by hand. */
const MOST_ERRORS = 20;

class WrongEnough extends Error {
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[]) {
    super("a document with many mistakes");
    this.errors = errors;
  }
}

/**
 * No rule, but what the rules after it report to: looking for names that are meant compares each unknown one
 * with every name of the schema, for nobody to see, and a thousand mistakes are described one by one (FND-27).
 */
function briefly(context: ValidationContext): object {
  Object.defineProperty(context, "hideSuggestions", { value: true });
  const report = context.reportError.bind(context);
  const errors: GraphQLError[] = [];
  context.reportError = (error) => {
    report(error);
    errors.push(error);
    if (errors.length >= MOST_ERRORS) throw new WrongEnough(errors);
  };
  return {};
}
