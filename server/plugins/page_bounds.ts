import "postgraphile";
import { ConstantStep, constant, type FieldArgs, lambda, type Step } from "grafast";
import { Refusal } from "../../runtime/refusal.ts";

/** A page when nobody says how long, the longest page, and how far an offset may jump (FND-29). */
export const DEFAULT_PAGE = 50;
export const LONGEST_PAGE = 100;
const FARTHEST_OFFSET = 10_000;

type Pageable = Step & {
  setFirst(first: Step): void;
  setLast?(last: Step): void;
  setOffset(offset: Step): void;
};
type Asked = number | null | undefined;
type Scope = GraphileBuild.ScopeObjectFieldsField;

/**
 * Bounds every connection and list, at any depth, whether the number stands in the document or in a
 * variable: it is checked where the page is planned, so no path goes round it (FND-29). A function
 * whose list is bounded by what it is asked may allow more in its comment: `@longestPage 2000`.
 */
export const PageBoundsPlugin: GraphileConfig.Plugin = {
  name: "PageBoundsPlugin",
  version: "1.0.0",
  after: ["PgFirstLastBeforeAfterArgsPlugin"],

  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, _build, { scope }) {
        if (!isPaged(scope)) return args;
        const { described } = boundsOf(scope);
        for (const name of ["first", "last", "offset"] as const) {
          const arg = args[name];
          if (!arg) continue;
          // The field below applies all three together: the default for one depends on the others.
          delete (arg as { applyPlan?: unknown }).applyPlan;
          arg.description = described[name];
        }
        return args;
      },

      GraphQLObjectType_fields_field(field, _build, { scope }) {
        if (!isPaged(scope) || !field.plan) return field;
        const { plan } = field;
        const bounds = boundsOf(scope);
        return {
          ...field,
          plan($parent, fieldArgs, info) {
            const $page = plan($parent, fieldArgs, info) as Pageable;
            if (typeof $page.setFirst === "function") bounds.apply($page, fieldArgs);
            return $page;
          },
        };
      },
    },
  },
};

function isPaged(scope: Scope): boolean {
  return scope.isPgFieldConnection === true || scope.isPgFieldSimpleCollection === true;
}

function boundsOf(scope: Scope) {
  const said = Number(scope.pgFieldResource?.extensions?.tags?.longestPage);
  const longest = Number.isInteger(said) && said > 0 ? said : LONGEST_PAGE;
  const usual = longest === LONGEST_PAGE ? DEFAULT_PAGE : longest;

  const first = (asked: Asked): number => bounded("first", asked, longest) ?? usual;
  const last = (asked: Asked): number | null => bounded("last", asked, longest);
  const offset = (asked: Asked): number | null => bounded("offset", asked, FARTHEST_OFFSET);
  const firstBesideLast = ([askedFirst, askedLast]: readonly [Asked, Asked]): number | null => {
    if (isAbsent(askedLast)) return first(askedFirst);
    if (isAbsent(askedFirst)) return null;
    throw new Refusal("VALIDATION", "first_and_last", { field: "last" });
  };

  return {
    described: {
      first: `Only the first \`n\`: ${usual} when nothing is said, ${longest} at most.`,
      last: `Only the last \`n\`: ${longest} at most. Not together with \`first\`.`,
      offset: `Skip the first \`n\`: ${FARTHEST_OFFSET} at most. To go further, go on with \`after\`.`,
    },
    apply($page: Pageable, fieldArgs: FieldArgs): void {
      const $first = rawOf(fieldArgs, "first");
      const $last = rawOf(fieldArgs, "last");
      const $offset = rawOf(fieldArgs, "offset");
      if ($last) {
        $page.setFirst(lambda([$first ?? constant(null), $last], firstBesideLast));
        $page.setLast?.(lambda($last, last));
      } else {
        $page.setFirst($first ? lambda($first, first) : constant(usual));
      }
      if ($offset) $page.setOffset(lambda($offset, offset));
    },
  };
}

/** The argument's step; null where the field has no such argument or the document does not mention it. */
function rawOf(fieldArgs: FieldArgs, name: string): Step | null {
  const $raw = (fieldArgs as unknown as Record<string, Step | undefined>)[`$${name}`];
  return !$raw || ($raw instanceof ConstantStep && $raw.data === undefined) ? null : $raw;
}

function isAbsent(asked: Asked): asked is null | undefined {
  return asked === null || asked === undefined;
}

function bounded(field: string, asked: Asked, most: number): number | null {
  if (isAbsent(asked)) return null;
  if (asked >= 0 && asked <= most) return asked;
  throw new Refusal("VALIDATION", "page_out_of_bounds", { field, least: 0, most });
}
