import "postgraphile";

type Where = { where(condition: unknown): void };
type Apply = (where: Where, value: readonly unknown[] | null | undefined, info: unknown) => unknown;

/**
 * What a filter means that lists nothing (FND-29): of no alternatives none holds, so `or: []` is no row, and of no
 * conditions all hold, so `and: []` is every row; inside `not` the other way round. The filter plugin left both out,
 * and a frontend that filled `or` from an empty selection was shown everything. `in: []` and `notIn: []` say the
 * same by themselves; an empty object is refused, because it says nothing at all.
 */
export const EmptyListsPlugin: GraphileConfig.Plugin = {
  name: "EmptyListsPlugin",
  version: "1.0.0",
  after: ["PgConnectionArgFilterLogicalOperatorsPlugin"],

  schema: {
    hooks: {
      GraphQLInputObjectType_fields_field(field, build, { scope }) {
        const { fieldName, isPgConnectionFilterOperatorLogical } = scope as {
          fieldName: string;
          isPgConnectionFilterOperatorLogical?: boolean;
        };
        if (!isPgConnectionFilterOperatorLogical || fieldName === "not") return field;
        const { apply } = field as { apply?: Apply };
        if (!apply) throw new Error(`the filter's ${fieldName} is no longer applied by a function`);
        const { sql } = build;
        const ofNothing = fieldName === "or" ? sql.false : sql.true;
        const described = fieldName === "or" ? "No row for an empty list." : "Every row for an empty list.";
        return {
          ...field,
          description: `${field.description} ${described}`,
          apply: ((where, value, info) =>
            value?.length === 0 ? where.where(ofNothing) : apply(where, value, info)) satisfies Apply,
        };
      },
    },
  },
};
