import "postgraphile";

/**
 * What PgIndexBehaviorsPlugin leaves out (FND-29): an index on the rows that are not deleted carries
 * every read of the API, because policies hide the deleted ones; so its columns may be filtered and
 * ordered by, as those of a full index may.
 */
export const IndexedOnlyPlugin: GraphileConfig.Plugin = {
  name: "IndexedOnlyPlugin",
  version: "1.0.0",
  before: ["PgIndexBehaviorsPlugin"],

  gather: {
    hooks: {
      pgCodecs_attribute(_info, { attribute, pgAttribute }) {
        const table = pgAttribute.getClass();
        const deletedAt = table?.getAttributes().find((other) => other.attname === "deleted_at");
        if (!table || !deletedAt) return;
        const isIndexed = table
          .getIndexes()
          .some(
            (index) =>
              hidesOnlyDeleted(index.indpred, deletedAt.attnum) &&
              index.getKeys().some((key) => key?.attname === pgAttribute.attname),
          );
        if (!isIndexed) return;
        attribute.extensions ??= Object.create(null) as NonNullable<typeof attribute.extensions>;
        (attribute.extensions as { isIndexed?: boolean }).isIndexed = true;
      },
    },
  },
};

/** `indpred` is a parsed tree: "deleted_at is null" is one NULLTEST of type 0 over one VAR, and nothing else. */
function hidesOnlyDeleted(predicate: string | null, deletedAt: number): boolean {
  if (!predicate?.startsWith("{NULLTEST ")) return false;
  const nodes = predicate.match(/\{/g)?.length;
  return (
    nodes === 2 && predicate.includes(":nulltesttype 0") && predicate.includes(`:varattno ${deletedAt} `)
  );
}
