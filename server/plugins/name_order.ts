import "postgraphile";
import type { PgCodec } from "postgraphile/@dataplan/pg";
import type { SQL } from "postgraphile/pg-sql2";

/** How Romanian sorts: Ș after S, Ț after T, Ă and Â after A. Deterministic, so that a cursor tells rows apart. */
const COLLATION = "ro-x-icu";

type QueryBuilder = {
  readonly alias: SQL;
  orderBy(spec: { fragment: SQL; codec: PgCodec; direction: "ASC" | "DESC"; nullable: boolean }): void;
};
type Apply = (queryBuilder: QueryBuilder) => void;
type Sorted = { isSortedAsNames?: boolean };

/**
 * Lists of people are read by people (FND-07): a column whose index has the collation of names is ordered by it. The
 * columns keep theirs, because they are compared as bytes everywhere else, and policies and functions stand on them.
 */
export const NameOrderPlugin: GraphileConfig.Plugin = {
  name: "NameOrderPlugin",
  version: "1.0.0",
  after: ["PgOrderAllAttributesPlugin", "OrderTiesPlugin"],

  gather: {
    hooks: {
      pgCodecs_attribute(_info, { attribute, pgAttribute }) {
        const isSorted = pgAttribute
          .getClass()
          ?.getIndexes()
          .some((index) =>
            index.getKeys().some(
              (key, place) =>
                key?.attname === pgAttribute.attname &&
                // What an index includes beside its keys has no collation there.
                Number(key.attcollation) !== 0 &&
                Number(index.indcollation?.[place] ?? 0) !== 0 &&
                index.indcollation?.[place] !== key.attcollation,
            ),
          );
        if (!isSorted) return;
        attribute.extensions ??= Object.create(null) as NonNullable<typeof attribute.extensions>;
        (attribute.extensions as Sorted).isSortedAsNames = true;
      },
    },
  },

  schema: {
    hooks: {
      GraphQLEnumType_values(values, build, { scope: { isPgRowSortEnum, pgCodec } }) {
        if (!isPgRowSortEnum || !pgCodec?.attributes) return values;
        const { sql, inflection } = build;
        for (const [attributeName, attribute] of Object.entries(pgCodec.attributes)) {
          if (!(attribute.extensions as Sorted | undefined)?.isSortedAsNames) continue;
          for (const variant of ["asc", "desc"] as const) {
            const name = inflection.orderByAttributeEnum({ codec: pgCodec as never, attributeName, variant });
            const grafast = values[name]?.extensions?.grafast as { apply?: Apply } | undefined;
            if (!grafast?.apply) continue;
            grafast.apply = (queryBuilder) =>
              queryBuilder.orderBy({
                fragment: sql`(${queryBuilder.alias}.${sql.identifier(attributeName)} collate ${sql.identifier(COLLATION)})`,
                codec: attribute.codec,
                direction: variant === "asc" ? "ASC" : "DESC",
                nullable: !attribute.notNull,
              });
          }
        }
        return values;
      },
    },
  },
};
