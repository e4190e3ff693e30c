import "postgraphile";

type QueryBuilder = { setOrderIsUnique(): void };
type Apply = (queryBuilder: QueryBuilder) => void;

/**
 * PgOrderAllAttributesPlugin takes a column for unique when it is the first of a unique key of several, and
 * then leaves out the key that breaks ties: rows of one value that reach over the end of a page were never
 * seen again. Only a key of that one column makes an order unique, and only where it cannot be null: of nulls there
 * may be many (FND-29).
 */
export const OrderTiesPlugin: GraphileConfig.Plugin = {
  name: "OrderTiesPlugin",
  version: "1.0.0",
  after: ["PgOrderAllAttributesPlugin"],

  schema: {
    hooks: {
      GraphQLEnumType_values(values, build, { scope: { isPgRowSortEnum, pgCodec } }) {
        if (!isPgRowSortEnum || !pgCodec?.attributes) return values;
        const uniques = build.pgTableResource(pgCodec as never)?.uniques ?? [];
        const ties = Object.keys(pgCodec.attributes).filter(
          (attribute) =>
            uniques.some(({ attributes }) => attributes[0] === attribute) &&
            !(
              pgCodec.attributes?.[attribute]?.notNull &&
              uniques.some(({ attributes }) => attributes.length === 1 && attributes[0] === attribute)
            ),
        );
        for (const attributeName of ties) {
          for (const variant of ["asc", "desc"] as const) {
            const name = build.inflection.orderByAttributeEnum({
              codec: pgCodec as never,
              attributeName,
              variant,
            });
            const grafast = values[name]?.extensions?.grafast as { apply?: Apply } | undefined;
            if (grafast?.apply) grafast.apply = withTies(grafast.apply);
          }
        }
        return values;
      },
    },
  },
};

function withTies(apply: Apply): Apply {
  return (queryBuilder) => apply(Object.create(queryBuilder, { setOrderIsUnique: { value: () => {} } }));
}
