import "postgraphile";
import { lambda, type NodeIdHandler, type Step, sideEffect } from "grafast";
import { getNamedType, isInputObjectType } from "grafast/graphql";
import type { PgResource } from "postgraphile/@dataplan/pg";
import { Refusal } from "../../runtime/refusal.ts";

type Scope = {
  nodeAccessorTypeName?: string;
  nodeAccessorFetcher?: ($nodeId: Step) => Step;
  isRootNodeField?: boolean;
  pgFieldResource?: PgResource;
  isPgUpdateMutation?: boolean;
  isPgDeleteMutation?: boolean;
};

/** Of the types that have global ids: how to read one, and how many columns the key has. */
type Kind = { handler: NodeIdHandler; columns: number };

/**
 * A global id names a type and a row. One that names another type than its field is about, or that is no id at all, is
 * VALIDATION: the generated fields would answer with null, which reads as done (FND-29). A row that is not there is
 * NOT_FOUND, or null, as ever.
 */
export const GlobalIdsPlugin: GraphileConfig.Plugin = {
  name: "GlobalIdsPlugin",
  version: "1.0.0",
  after: ["PgMutationUpdateDeletePlugin", "NodeAccessorPlugin", "NodePlugin", "NothingUpdatedPlugin"],

  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build, context) {
        const scope = context.scope as Scope;
        const name = build.inflection.nodeIdFieldName();

        if (scope.nodeAccessorTypeName && scope.nodeAccessorFetcher) {
          const fetchNode = scope.nodeAccessorFetcher;
          const check = checkOf(name, [kindOf(build, scope.nodeAccessorTypeName)]);
          return { ...field, plan: (_, fieldArgs) => fetchNode(lambda(fieldArgs.getRaw(name), check)) };
        }
        if (scope.isRootNodeField) {
          const types = (build.getNodeTypeNames?.() ?? []).filter((type) => type !== "Query");
          const check = checkOf(
            name,
            types.map((type) => kindOf(build, type)),
          );
          return { ...field, plan: (_, fieldArgs) => lambda(fieldArgs.getRaw(name), check) };
        }

        const { plan } = field;
        if (!plan || !scope.pgFieldResource) return field;
        if (!scope.isPgUpdateMutation && !scope.isPgDeleteMutation) return field;
        const input = field.args?.input && getNamedType(field.args.input.type);
        if (!isInputObjectType(input) || !(name in input.getFields())) return field;
        const check = checkOf(`input.${name}`, [
          kindOf(build, build.inflection.tableType(scope.pgFieldResource.codec)),
        ]);
        return {
          ...field,
          plan($root, fieldArgs, info) {
            sideEffect(fieldArgs.getRaw(["input", name]), check);
            return plan($root, fieldArgs, info);
          },
        };
      },
    },
  },
};

function kindOf(build: GraphileBuild.Build, type: string): Kind {
  const handler = build.getNodeIdHandler?.(type);
  const table = Object.values(build.pgResources).find(
    ({ codec, parameters }) => codec.attributes && !parameters && build.inflection.tableType(codec) === type,
  );
  const key = table?.uniques.find(({ isPrimary }) => isPrimary);
  if (!handler || !key) throw new Error(`${type} has no global ids`);
  return { handler, columns: key.attributes.length };
}

/** Passes an id of one of these kinds on as it is; throws a Refusal otherwise. */
function checkOf(field: string, kinds: Kind[]): (id: unknown) => unknown {
  return (id) => {
    const parts = partsOf(id);
    const kind = parts && kinds.find(({ handler }) => handler.match(parts));
    if (parts?.length === (kind?.columns ?? 0) + 1) return id;
    const [only] = kinds.length === 1 ? kinds : [];
    const about = { field, ...(only ? { type: only.handler.typeName } : {}) };
    if (parts && !kind) throw new Refusal("VALIDATION", "id_of_another_type", about);
    throw new Refusal("VALIDATION", "id_malformed", about);
  };
}

/** The type and the key's columns, as base64JSON writes them; undefined when it is no such thing. */
function partsOf(id: unknown): (string | number)[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(String(id), "base64").toString("utf8"));
    const isId =
      Array.isArray(parts) &&
      parts.length > 1 &&
      parts.every((part) => ["string", "number"].includes(typeof part));
    return isId ? parts : undefined;
  } catch {
    return undefined;
  }
}
