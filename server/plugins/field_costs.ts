import "postgraphile";

/** Lets the comment of a function say what it costs to ask it: `@cost 20` (FND-27). Read by document_cost.ts. */
export const FieldCostsPlugin: GraphileConfig.Plugin = {
  name: "FieldCostsPlugin",
  version: "1.0.0",

  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, _build, { scope }) {
        const cost = Number(scope.pgFieldResource?.extensions?.tags?.cost);
        return cost > 0 ? { ...field, extensions: { ...field.extensions, cost } } : field;
      },
    },
  },
};
