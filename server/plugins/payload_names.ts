import "postgraphile";
import { object } from "grafast";

type Scope = { isMutationInput?: boolean; isMutationPayload?: boolean; isRootMutation?: boolean };

/**
 * A mutation answers with what it changed, under its name: `cancelAppointment { appointment { … } }` (FND-29). What is no
 * row is named by its function's comment: `@resultFieldName unreadCount`.
 *
 * There is no clientMutationId: a repeat is known by its Idempotency-Key, and an answer by its request. A mutation that
 * asks nothing then takes no input.
 */
export const PayloadNamesPlugin: GraphileConfig.Plugin = {
  name: "PayloadNamesPlugin",
  version: "1.0.0",
  after: ["PgCustomTypeFieldPlugin", "PgMutationCreatePlugin", "PgMutationUpdateDeletePlugin"],

  inflection: {
    replace: {
      // One row of `messageTexts` is a `MessageText`.
      functionRecordReturnCodecName(_previous, _preset, { pgProc }) {
        return this.singularize(pgProc.proname);
      },
      functionMutationResultFieldName(_previous, _preset, { resource, returnGraphQLTypeName }) {
        const said = resource.extensions?.tags?.resultFieldName;
        if (typeof said === "string") return said;
        if (!(resource.codec.arrayOfCodec ?? resource.codec).attributes)
          throw new Error(`the comment of ${resource.name} does not say what it answers: @resultFieldName`);
        return this.camelCase(
          resource.isUnique && !resource.codec.arrayOfCodec
            ? returnGraphQLTypeName
            : this.distinctPluralize(returnGraphQLTypeName),
        );
      },
    },
  },

  schema: {
    hooks: {
      GraphQLInputObjectType_fields(fields, _build, { scope }) {
        return (scope as Scope).isMutationInput ? without(fields, "clientMutationId") : fields;
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        const { isMutationPayload, isRootMutation } = scope as Scope;
        if (isMutationPayload) return without(fields, "clientMutationId");
        if (!isRootMutation) return fields;
        // An input of nothing is no type, so the library leaves these out.
        const askNothing = Object.values(build.pgResources).filter(
          (resource) =>
            resource.parameters?.length === 0 && build.behavior.pgResourceMatches(resource, "mutationField"),
        );
        return askNothing.reduce((all, resource) => {
          const fieldName = build.inflection.customMutationField({ resource: resource as never });
          const type = build.getOutputTypeByName(
            build.inflection.customMutationPayload({ resource: resource as never }),
          );
          const field = fieldWithHooks(
            { fieldName, fieldBehaviorScope: "mutationField" },
            {
              type,
              ...(resource.description ? { description: resource.description } : {}),
              plan: () => object({ result: resource.execute([], "mutation") }),
            },
          );
          return build.extend(all, { [fieldName]: field }, `Adding ${fieldName}, which asks nothing`);
        }, fields);
      },
    },
  },
};

function without<Fields extends object>(fields: Fields, name: keyof Fields | string): Fields {
  const { [name as keyof Fields]: _dropped, ...others } = fields;
  return others as Fields;
}
