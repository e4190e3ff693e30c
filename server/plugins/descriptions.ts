import "postgraphile";
import { getNamedType } from "grafast/graphql";
import type { PgCodec, PgResource } from "postgraphile/@dataplan/pg";
import { COMMON_WORDS } from "./common_words.ts";

type Scope = {
  fieldName?: string;
  argName?: string;
  isMutationPayload?: boolean;
  isMutationInput?: boolean;
  isPgRowSortEnum?: boolean;
  isPgAggregateContainerType?: boolean;
  isPgAggregateType?: boolean;
  pgFieldResource?: PgResource;
  pgCodec?: PgCodec;
};

/** What the library says in words of its own, and what is meant. */
const SAID_BETTER: [RegExp, string][] = [
  [
    /^Reads a single `(\w+)` that is related to this `\w+`\.$/,
    "The `$1`. Null where there is none, or it is not yours to see.",
  ],
  [/^Get a single `(\w+)`\.$/, "The `$1` of this key. Null where there is none, or it is not yours to see."],
  [/^Reads and enables pagination through a set of `(\w+)`\.$/, "A page of `$1`: those that you may see."],
  [/^All input for the `(\w+)` mutation\.$/, "What `$1` is asked with."],
  [/^The output of our `(\w+)` mutation\.$/, "What `$1` answers with."],
  [/^The output of our \w+ `\w+` mutation\.$/, ""],
  [/^All input for the \w+ `\w+` mutation\.$/, ""],
  [/^An input for mutations affecting `(\w+)`$/, "What a new `$1` says."],
  [/^Represents an update to a `(\w+)`\..*$/, "What changes of a `$1`: what is not given stays."],
  [/^An object where the defined keys will be set on.*$/, "What changes: what is not given stays."],
  [/^A `(\w+)` edge in the connection\.$/, "A `$1` and the cursor to go on from."],
  [/^A connection to a list of `(\w+)` values\.$/, "A page of `$1`."],
  [/^A list of `(\w+)` objects\.$/, "The rows of the page."],
  [
    /^A list of edges which contains the `\w+` and cursor to aid in pagination\.$/,
    "The rows of the page, each with its cursor.",
  ],
  [
    /^A filter to be used against `(\w+)` object types\..*$/,
    "Which `$1` are meant: all that is said must hold.",
  ],
  [
    /^A filter to be used against (\w+) fields\..*$/,
    "Which values of `$1` are meant: all that is said must hold.",
  ],
  [
    /^Our root query field type\. Allows us to run any query.*$/s,
    "Everything that can be asked, to read again what a change touches.",
  ],
  [/^The root query type.*$/s, "Everything that can be asked."],
  [/^The root mutation type.*$/s, "Everything that can be done."],
];

/**
 * Every type, field, argument and word says what it is (FND-29). First comes what the catalog says in comments; then what
 * its name means everywhere (common_words.ts); keys and orders are named after what they are of.
 */
export const DescriptionsPlugin: GraphileConfig.Plugin = {
  name: "DescriptionsPlugin",
  version: "1.0.0",
  after: [
    "NeverNullPlugin",
    "OrderTiesPlugin",
    "NameOrderPlugin",
    "PageBoundsPlugin",
    "PgOrderByPrimaryKeyPlugin",
  ],

  schema: {
    hooks: {
      GraphQLObjectType(type, _build, { scope }) {
        return { ...type, description: better(type.description) ?? aboutType(type.name, scope as Scope) };
      },
      GraphQLInputObjectType(type) {
        return {
          ...type,
          description: better(type.description) ?? `What \`${nameOfMutation(type.name)}\` is asked with.`,
        };
      },
      GraphQLObjectType_fields_field(field, build, { scope: given }) {
        const scope = given as Scope;
        const name = scope.fieldName ?? "";
        const type = getNamedType(field.type).name;
        const described =
          better(field.description) ??
          answerOf(build, scope.pgCodec, name) ??
          (scope.isMutationPayload && !isLeaf(build, type) ? `The \`${type}\`, as it is now.` : wordOf(name));
        return { ...field, description: described };
      },
      GraphQLObjectType_fields_field_args_arg(arg, build, { scope: given, Self }) {
        const { argName = "", fieldName = "" } = given as Scope;
        if (argName === "input")
          return { ...arg, description: arg.description ?? `What \`${fieldName}\` is asked with.` };
        const asked = functionOf(build, fieldName, Self.name === "Mutation");
        return { ...arg, description: arg.description ?? argumentOf(asked, argName) ?? wordOf(argName) };
      },
      GraphQLInputObjectType_fields_field(field, build, { scope: given, Self }) {
        const { fieldName = "", isMutationInput } = given as Scope;
        const asked = isMutationInput ? functionOf(build, nameOfMutation(Self.name), true) : undefined;
        const described = better(field.description);
        return { ...field, description: argumentOf(asked, fieldName) ?? described ?? wordOf(fieldName) };
      },
      GraphQLEnumType_values(values, _build, { scope }) {
        if (!(scope as Scope).isPgRowSortEnum) return values;
        for (const [name, value] of Object.entries(values)) value.description ??= orderOf(name);
        return values;
      },
    },
  },
};

function better(description: string | null | undefined): string | undefined {
  if (!description) return undefined;
  const plain = description.replace(/\n(?!\n)/g, " ");
  const found = SAID_BETTER.find(([pattern]) => pattern.test(plain));
  return found ? plain.replace(...found) || undefined : description;
}

/** What a name means everywhere; of `specialistId`, whose id it is. */
function wordOf(name: string): string | undefined {
  const known = COMMON_WORDS[name];
  if (known) return known;
  const [, thing, , many] = /^(.+?)(Id(s)?)$/.exec(name) ?? [];
  if (!thing) return undefined;
  const words = thing.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (/ by$/.test(words)) return `Who did it, by id: \`${thing}\` is the row.`;
  return many ? `The ${words}s, by their ids.` : `The ${words}, by its id.`;
}

/** `@arg reason Why, for the patient to read.` in the comment of a function. */
function argumentOf(asked: PgResource | undefined, name: string): string | undefined {
  return saidOf(asked?.extensions?.tags?.arg, name);
}

function saidOf(tags: unknown, name: string): string | undefined {
  for (const tag of [tags ?? []].flat()) {
    const [, about, said] = /^(\w+) (.+)$/s.exec(String(tag)) ?? [];
    if (about === name) return said;
  }
  return undefined;
}

/** `@answer endsOn The first day after it.` in the comment of a function that returns a table: what a column of it means. */
function answerOf(build: GraphileBuild.Build, codec: PgCodec | undefined, name: string): string | undefined {
  if (!codec?.isAnonymous) return undefined;
  const asked = Object.values(build.pgResources).find(
    (resource) => resource.parameters && resource.codec === codec,
  );
  return saidOf(asked?.extensions?.tags?.answer, name);
}

function functionOf(build: GraphileBuild.Build, field: string, isMutation: boolean): PgResource | undefined {
  const { inflection } = build;
  return Object.values(build.pgResources).find(
    (resource) =>
      resource.parameters &&
      Boolean(resource.isMutation) === isMutation &&
      (isMutation
        ? inflection.customMutationField({ resource: resource as never })
        : inflection.customQueryField({ resource: resource as never })) === field,
  );
}

function orderOf(name: string): string {
  if (name === "NATURAL") return "As the rows come: in no order that is promised.";
  const [, column = "", way] = /^(.+)_(ASC|DESC)$/.exec(name) ?? [];
  const field = column.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const by =
    column === "PRIMARY_KEY" ? "By the key, which is the order in which rows were made" : `By \`${field}\``;
  return `${by}, ${way === "ASC" ? "upwards" : "downwards"}.`;
}

function aboutType(
  name: string,
  { isPgAggregateContainerType, isPgAggregateType, pgCodec }: Scope,
): string | undefined {
  if (isPgAggregateContainerType) return "Sums and counts over all rows of a list, whatever the page.";
  if (isPgAggregateType) return "One of the sums or counts, by column.";
  if (pgCodec?.isAnonymous)
    return `One row of what \`${name.replace(/^./, (letter) => letter.toLowerCase())}s\` answers with.`;
  return name.endsWith("Payload") ? `What \`${nameOfMutation(name)}\` answers with.` : undefined;
}

function nameOfMutation(type: string): string {
  return type.replace(/(Input|Payload)$/, "").replace(/^./, (letter) => letter.toLowerCase());
}

function isLeaf(build: GraphileBuild.Build, type: string): boolean {
  const found = build.getTypeByName(type);
  return !found || build.graphql.isLeafType(found);
}
