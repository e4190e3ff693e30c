import "postgraphile";
import { OWNER, TENANT } from "./row_keys.ts";

type PgAttribute = Parameters<GraphileConfig.GatherHooks["pgCodecs_attribute"]>[0]["pgAttribute"];
type PgClass = NonNullable<ReturnType<PgAttribute["getClass"]>>;
type PgIndex = ReturnType<PgClass["getIndexes"]>[number];
type Extensions = { isIndexed?: boolean; isOrdered?: boolean; tags?: object };

/**
 * What PgIndexBehaviorsPlugin leaves out (FND-29): an index on the rows that are not deleted carries
 * every read of the API, because policies hide the deleted ones; so its columns may be filtered by, as
 * those of a full index may.
 *
 * And what it allows too much: a column anywhere in an index, which carries a filter but no order. A page
 * in the order of a column costs the same in every clinic only where an index leads with the clinic, or
 * with the person whose rows they are, and goes on in that order. Others are not offered; nor is the order
 * of ids, which nobody reads, or of what may be null, which @dataplan/pg 1.1.2 cannot turn the pages of:
 * it takes the nulls after a cursor for those before it.
 */
export const IndexedOnlyPlugin: GraphileConfig.Plugin = {
  name: "IndexedOnlyPlugin",
  version: "1.1.0",
  before: ["PgIndexBehaviorsPlugin"],

  gather: {
    hooks: {
      pgCodecs_attribute(_info, { attribute, pgAttribute }) {
        const table = pgAttribute.getClass();
        // A table, or one in partitions.
        if (table?.relkind !== "r" && table?.relkind !== "p") return;
        const carrying = table.getIndexes().filter((index) => carriesEveryRead(index, table));
        attribute.extensions ??= Object.create(null) as NonNullable<typeof attribute.extensions>;
        const extensions = attribute.extensions as Extensions;
        if (carrying.some((index) => index.indpred && columnsOf(index).includes(pgAttribute.attname)))
          extensions.isIndexed = true;
        extensions.isOrdered =
          canOrder(pgAttribute) && carrying.some((index) => isInOrder(pgAttribute, index, table));
      },
    },
  },

  schema: {
    entityBehavior: {
      pgCodecAttribute: {
        inferred: {
          after: ["inferred"],
          provides: ["postInferred"],
          callback(behavior, [codec, attributeName]) {
            const { isOrdered } = (codec.attributes[attributeName]?.extensions ?? {}) as Extensions;
            return isOrdered === false ? [behavior, "-orderBy"] : behavior;
          },
        },
      },
    },
  },
};

function columnsOf(index: PgIndex): (string | undefined)[] {
  return index.getKeys().map((key) => key?.attname);
}

/** `indpred` is a parsed tree: "deleted_at is null" is one NULLTEST of type 0 over one VAR, and nothing else. */
function carriesEveryRead(index: PgIndex, table: PgClass): boolean {
  if (!index.indpred) return true;
  const deletedAt = table.getAttributes().find(({ attname }) => attname === "deleted_at");
  return (
    deletedAt !== undefined &&
    index.indpred.startsWith("{NULLTEST ") &&
    index.indpred.match(/\{/g)?.length === 2 &&
    index.indpred.includes(":nulltesttype 0") &&
    index.indpred.includes(`:varattno ${deletedAt.attnum} `)
  );
}

/** Nobody reads ids in order, and of what may be null pages cannot be turned. */
function canOrder(column: PgAttribute): boolean {
  return column.attnotnull === true && column.getType()?.typname !== "uuid";
}

/** After the clinic or the person come the columns of the order, and after those the key, unless they are one themselves. */
function isInOrder({ attname }: PgAttribute, index: PgIndex, table: PgClass): boolean {
  const columns = columnsOf(index);
  // A profile may be no account's: a table of people has no lead.
  const leads = table
    .getAttributes()
    .filter(({ attname: name, attnotnull }) => name === TENANT || (name === OWNER && attnotnull));
  if (leads.length > 0) {
    const lead = columns.shift();
    // The platform's rows, which have no clinic, are seen with each clinic's: no index brings both in one order.
    if (!leads.some(({ attname: name, attnotnull }) => name === lead && attnotnull)) return false;
  }
  const key = table.getConstraints().find(({ contype }) => contype === "p")?.conkey ?? [];
  const keyed = table
    .getAttributes()
    .filter(({ attnum }) => key.includes(attnum))
    .map(({ attname: name }) => name);
  const isEnded = index.indisunique || keyed.every((name) => columns.includes(name));
  // What stands between them must be an order itself: not an id, by which only the rows of one parent are in order.
  const orders = table
    .getAttributes()
    .filter((column) => canOrder(column) && !keyed.includes(column.attname))
    .map(({ attname: name }) => name);
  const place = columns.indexOf(attname);
  return (
    isEnded &&
    place >= 0 &&
    columns.slice(0, place).every((name) => name !== undefined && orders.includes(name))
  );
}
