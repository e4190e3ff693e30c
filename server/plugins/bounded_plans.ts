import "postgraphile";

/**
 * Documents whose parsed form and plan are kept, where frontends were not built with more. The plan of the
 * largest that is taken is 3 MB, and whoever sends ever new ones would fill a cache of 500 with them (FND-27).
 */
export const KEPT_DOCUMENTS = 64;

/** Plans of one operation that differ by its variables, as `@include` makes them. */
const PLANS_PER_OPERATION = 8;

/** Bounds how many operations keep their plan. */
export function BoundedPlansPlugin(plans: number): GraphileConfig.Plugin {
  return {
    name: "BoundedPlansPlugin",
    version: "1.0.0",
    schema: {
      hooks: {
        GraphQLSchema: (schema) => ({
          ...schema,
          extensions: {
            ...schema.extensions,
            grafast: {
              ...schema.extensions?.grafast,
              operationsCacheMaxLength: plans,
              operationOperationPlansCacheMaxLength: PLANS_PER_OPERATION,
            },
          },
        }),
      },
    },
  };
}
