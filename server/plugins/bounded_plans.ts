import "postgraphile";

/** Plans of one operation that differ by its variables, as `@include` makes them. */
const PLANS_PER_OPERATION = 8;

/**
 * How many operations keep their plan. A plan of the largest document that is taken holds some megabytes, so
 * the default of 500 is more memory than a server has: whoever sends ever new documents would fill it (FND-27).
 */
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
