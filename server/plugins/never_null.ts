import "postgraphile";
import {
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
  getNullableType,
  isListType,
} from "grafast/graphql";
import type { PgCodec, PgResource } from "postgraphile/@dataplan/pg";

type Scope = {
  fieldName: string;
  isRootQuery?: boolean;
  isMutationPayload?: boolean;
  isConnectionType?: boolean;
  isConnectionEdgeType?: boolean;
  isPgClassType?: boolean;
  isPgAggregateContainerType?: boolean;
  isPgAggregateType?: boolean;
  pgAggregateSpec?: { id: string };
  pgTypeResource?: PgResource;
  pgFieldAttribute?: unknown;
  isPgFieldConnection?: boolean;
  pgCodec?: PgCodec;
};
type Tags = Record<string, unknown> | undefined;

/**
 * What is never null says so (FND-29): a function answers or refuses, a payload holds what was changed, a connection
 * holds rows, a list holds values. Columns of tables are known from the catalog. Columns of views, of composite types
 * and of functions that return tables cannot say it themselves: there all are taken as filled but those whose comment
 * says `@nullable`; a function that may answer nothing says the same in its own, and of single columns of its table
 * `@nullable title`. A relation may be null wherever the row it leads to may be hidden from the reader.
 */
export const NeverNullPlugin: GraphileConfig.Plugin = {
  name: "NeverNullPlugin",
  version: "1.0.0",
  after: ["PgCustomTypeFieldPlugin", "PayloadNamesPlugin", "aggregates"],

  gather: {
    hooks: {
      pgCodecs_attribute(_info, { pgClass, attribute }) {
        if (pgClass.relkind === "c" || pgClass.relkind === "v")
          attribute.notNull = !isNullable(attribute.extensions?.tags);
      },
      pgProcedures_PgResourceOptions(_info, { resourceOptions: { codec, extensions } }) {
        if (!codec.isAnonymous) return;
        const open = [extensions?.tags?.nullable].flat();
        for (const [name, attribute] of Object.entries(codec.attributes ?? {}))
          attribute.notNull = !open.includes(name);
      },
    },
  },

  schema: {
    hooks: {
      GraphQLObjectType_fields(fields, _build, { scope }) {
        if (!(scope as Scope).isPgAggregateContainerType) return fields;
        // What rows are grouped by; nothing is grouped.
        const { keys: _keys, ...others } = fields;
        return others;
      },
      GraphQLObjectType_fields_field(field, build, { scope: given, Self }) {
        const scope = given as Scope;
        const type = withoutGaps(field.type);
        return {
          ...field,
          type: isFilled(scope, Self.name, build) ? new GraphQLNonNull(getNullableType(type)) : type,
        };
      },
      GraphQLObjectType_fields_field_args_arg(arg) {
        return { ...arg, type: withoutGaps(arg.type) };
      },
      GraphQLInputObjectType_fields_field(field) {
        return { ...field, type: withoutGaps(field.type) };
      },
    },
  },
};

function isFilled(scope: Scope, typeName: string, build: GraphileBuild.Build): boolean {
  if (typeName === "Mutation" || scope.isConnectionType || scope.isConnectionEdgeType) return true;
  if (scope.isMutationPayload) return !isNullable(scope.pgTypeResource?.extensions?.tags);
  if (scope.isPgAggregateContainerType) return true;
  if (scope.isPgAggregateType) return scope.pgAggregateSpec?.id === "distinctCount";
  if (scope.pgFieldAttribute) return false;
  if (scope.isPgFieldConnection) return true;
  const asked = functionBehind(scope, build);
  return asked !== undefined && !isNullable(asked.extensions?.tags);
}

/** The function that answers a field of Query or of a row, where there is one. */
function functionBehind(
  scope: Scope,
  { pgResources, inflection }: GraphileBuild.Build,
): PgResource | undefined {
  return Object.values(pgResources).find((resource) => {
    if (!resource.parameters || resource.isMutation) return false;
    if (scope.isRootQuery)
      return inflection.customQueryField({ resource: resource as never }) === scope.fieldName;
    return (
      scope.isPgClassType &&
      resource.parameters[0]?.codec === scope.pgCodec &&
      inflection.computedAttributeField({ resource: resource as never }) === scope.fieldName
    );
  });
}

const isNullable = (tags: Tags): boolean => tags?.nullable === true;

/** A list has no holes. Where a type is none already, it stays what it is. */
function withoutGaps<T extends GraphQLOutputType | GraphQLInputType>(type: T): T {
  const list = getNullableType(type);
  if (!isListType(list)) return type;
  const inner = withoutGaps(list.ofType as GraphQLOutputType);
  const filled = new GraphQLList(new GraphQLNonNull(getNullableType(inner)));
  return (type === (list as unknown) ? filled : new GraphQLNonNull(filled)) as T;
}
