import "postgraphile";
import type { PgCodec } from "postgraphile/@dataplan/pg";

export const TENANT = "organization_id";
/** Whose rows are a person's own, wherever that person still belongs. */
export const OWNER = "human_id";

type Attributes = NonNullable<PgCodec["attributes"]>;
type Unique = {
  attributes: readonly string[];
  isPrimary?: boolean;
  extensions?: { tags?: Record<string, unknown> };
};
type ResourceOptions = { codec: PgCodec; uniques?: readonly Unique[] };

/** Keys by their codec, as tables have them: what a row is found by, changed by, and named by. */
const primaryKeys = new WeakMap<PgCodec, readonly string[]>();

/**
 * One name for the key (FND-29): the uuid that is a row's key is `id`, whatever the column is called, and there is no
 * second, global id beside it. A row is asked for by its key, or by the one word that people know it by; it is changed by
 * its key alone. Rows that only join two others are read where those are, and named by both.
 *
 * The tenant column in a key keeps clinics apart (FND-06). Where the rest of the key names a row of the clinic, it says
 * nothing that the rest does not, and nobody is asked for it.
 */
export const RowKeysPlugin: GraphileConfig.Plugin = {
  name: "RowKeysPlugin",
  version: "1.0.0",
  after: ["PgSimplifyInflectionPlugin", "PgOrderAllAttributesPlugin", "OrderTiesPlugin", "NameOrderPlugin"],

  inflection: {
    replace: {
      _attributeName(_previous, _preset, { attributeName, codec }) {
        const name = String(codec.attributes[attributeName]?.extensions?.tags?.name ?? attributeName);
        const [key, ...others] = primaryKeys.get(codec as PgCodec) ?? [];
        const isKey =
          attributeName === key && others.length === 0 && isUuid(codec.attributes as Attributes, key);
        if (isKey || name === "row_id") return "id";
        // `createdBy` is who created it, the relation: its key says that it is one.
        const isOfWho = name.endsWith("_by") && isUuid(codec.attributes as Attributes, attributeName);
        return this.coerceToGraphQLName(isOfWho ? `${name}_id` : name);
      },
      argument(previous, _preset, details) {
        const name = details.param.name ?? "";
        // One word stays as it is: camel case would make p256dh of p256dh.
        return name === "row_id" ? "id" : /^[a-z][a-z0-9]*$/.test(name) ? name : String(previous?.(details));
      },
      rowByUnique(_previous, _preset, { unique, resource }) {
        const row = this._singularizedCodecName(resource.codec);
        if (unique.isPrimary) return this.camelCase(row);
        const names = withoutTenant(unique.attributes as string[]).map((attributeName) =>
          this._attributeName({ codec: resource.codec, attributeName }),
        );
        return this.camelCase(`${row}-by-${names.join("-and-")}`);
      },
      updateByKeysField(_previous, _preset, { resource }) {
        return this.camelCase(`update-${this._singularizedCodecName(resource.codec)}`);
      },
      deleteByKeysField(_previous, _preset, { resource }) {
        return this.camelCase(`delete-${this._singularizedCodecName(resource.codec)}`);
      },
      updateByKeysInputType(_previous, _preset, { resource }) {
        return this.upperCamelCase(`update-${this._singularizedCodecName(resource.codec)}-input`);
      },
      deleteByKeysInputType(_previous, _preset, { resource }) {
        return this.upperCamelCase(`delete-${this._singularizedCodecName(resource.codec)}-input`);
      },
    },
  },

  gather: {
    hooks: {
      pgTables_PgResourceOptions(_info, { resourceOptions }) {
        const options = resourceOptions as unknown as ResourceOptions;
        const primary = options.uniques?.find(({ isPrimary }) => isPrimary);
        if (!primary) return;
        primaryKeys.set(options.codec, primary.attributes);
        const rest = withoutTenant(primary.attributes);
        const attributes = options.codec.attributes as Attributes;
        if (rest.length < primary.attributes.length && rest.some((column) => isUuid(attributes, column)))
          options.uniques = [...(options.uniques ?? []), { attributes: rest, isPrimary: false }];
      },
    },
  },

  schema: {
    hooks: {
      // The key's own order is the primary one; the order of rows as they come is promised by nobody.
      GraphQLEnumType_values(values, build, { scope: { isPgRowSortEnum, pgCodec } }) {
        if (!isPgRowSortEnum || !pgCodec) return values;
        const [attributeName, ...others] = primaryKeys.get(pgCodec as PgCodec) ?? [];
        const { NATURAL: _natural, ...kept } = values;
        if (!attributeName || others.length > 0) return kept;
        for (const variant of ["asc", "desc"] as const)
          delete kept[
            build.inflection.orderByAttributeEnum({ codec: pgCodec as never, attributeName, variant })
          ];
        return kept;
      },
    },
    entityBehavior: {
      pgResourceUnique: {
        override: {
          provides: ["rowKeys"],
          callback(behavior, [resource, unique]) {
            const uniques = resource.uniques as readonly Unique[];
            const attributes = resource.codec.attributes as Attributes;
            const key = shortest(uniques, attributes);
            if (unique === key)
              return unique.attributes.length === 1 ||
                !unique.attributes.some((column) => isUuid(attributes, column as string))
                ? behavior
                : [behavior, "-single"];
            const rest = withoutTenant(unique.attributes as string[]);
            const isWord = rest.length === 1 && !isUuid(attributes, rest[0]);
            return isWord ? [behavior, "-update", "-delete"] : [behavior, "-*"];
          },
        },
      },
    },
  },
};

/** The key of a table without what nobody is asked for. */
function shortest(uniques: readonly Unique[], attributes: Attributes): Unique | undefined {
  const primary = uniques.find(({ isPrimary }) => isPrimary);
  const rest = withoutTenant(primary?.attributes ?? []);
  if (!rest.some((column) => isUuid(attributes, column))) return primary;
  return uniques.find((unique) => !unique.isPrimary && sameColumns(unique.attributes, rest)) ?? primary;
}

function withoutTenant(columns: readonly string[]): string[] {
  return columns.filter((column) => column !== TENANT);
}

function sameColumns(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((column) => others.includes(column));
}

function isUuid(attributes: Attributes, column: string | undefined): boolean {
  return column !== undefined && attributes[column]?.codec.name === "uuid";
}
