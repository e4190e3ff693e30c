import "postgraphile";
import { getNamedType, isInputObjectType } from "grafast/graphql";

type Scope = { isMutationInput?: boolean; isMutationPayload?: boolean };

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
      GraphQLObjectType_fields(fields, _build, { scope }) {
        return (scope as Scope).isMutationPayload ? without(fields, "clientMutationId") : fields;
      },
      GraphQLObjectType_fields_field(field, _build, { Self }) {
        const input = Self.name === "Mutation" && field.args?.input && getNamedType(field.args.input.type);
        if (!input || !isInputObjectType(input) || Object.keys(input.getFields()).length > 0) return field;
        return { ...field, args: without(field.args as NonNullable<typeof field.args>, "input") };
      },
    },
  },
};

function without<Fields extends object>(fields: Fields, name: keyof Fields | string): Fields {
  const { [name as keyof Fields]: _dropped, ...others } = fields;
  return others as Fields;
}
