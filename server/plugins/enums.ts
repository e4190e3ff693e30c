import "postgraphile";
import { enumCodec, listOfCodec, type PgCodec, TYPES } from "postgraphile/@dataplan/pg";
import { type FixedList, type FixedLists, readFixedLists } from "./fixed_lists.ts";

type Tags = Record<string, unknown> | undefined;

/** Words that are two, as English writes them. */
const WRITTEN: Record<string, string> = { inprogress: "IN_PROGRESS", noshow: "NO_SHOW" };

/**
 * Every fixed list is an enum (FND-29), in columns, filters, arguments and answers: the word `in_person` of the database
 * is `IN_PERSON`. A column of a table has its list from the catalog (fixed_lists.ts). Columns of views and types, and
 * arguments, have the list of their namesakes; where these differ (`status`), the comment names the column that is meant:
 * `@words booking_requests.status` on a column, `@words status booking_requests.status` on a function, of its argument or
 * the column of its table. What no column holds has its list in its comment: `@words own consent_standing`, and a line
 * `word: what it means` for each.
 */
export const EnumsPlugin: GraphileConfig.Plugin = {
  name: "EnumsPlugin",
  version: "1.0.0",
  after: ["PgConnectionArgFilterOperatorsPlugin"],

  inflection: {
    replace: {
      enumValue: (previous, _preset, value, codec) =>
        codec.extensions?.isFixedList
          ? (WRITTEN[value] ?? value.toUpperCase())
          : String(previous?.(value, codec)),
    },
  },

  gather: {
    namespace: "fixedLists",
    initialCache: () => ({}),
    initialState: () => ({ read: new Map<string, Promise<FixedLists>>() }),
    helpers: {
      of(info, serviceName: string): Promise<FixedLists> {
        const { read } = info.state;
        const service = info.resolvedPreset.pgServices?.find(({ name }) => name === serviceName);
        if (!service) throw new Error(`there is no service ${serviceName}`);
        const lists = read.get(serviceName) ?? readFixedLists(service);
        read.set(serviceName, lists);
        return lists;
      },
    },
    hooks: {
      async pgCodecs_attribute(info, { serviceName, pgClass, pgAttribute, attribute }) {
        const schema = pgClass.getNamespace()?.nspname;
        const lists = await info.helpers.fixedLists.of(serviceName);
        const { words } = (attribute.extensions?.tags ?? {}) as { words?: string };
        const own = lists.ofColumn(`${schema}.${pgClass.relname}.${pgAttribute.attname}`);
        const isTable = pgClass.relkind === "r" || pgClass.relkind === "p";
        const [, name] = /^own (\w+)$/.exec(words ?? "") ?? [];
        if (name) {
          const own = ownList(name, attribute.description ?? "");
          attribute.description = own.about;
          attribute.codec = withWords(attribute.codec, own.list);
          return;
        }
        const list = words ? named(lists, words) : isTable ? own : lists.ofName(pgAttribute.attname);
        if (list) attribute.codec = withWords(attribute.codec, list);
      },
      async pgProcedures_PgResourceOptions(info, { serviceName, resourceOptions }) {
        const { codec, parameters = [], extensions } = resourceOptions;
        const lists = await info.helpers.fixedLists.of(serviceName);
        const listOf = (word: string | null | undefined) =>
          word ? ofFunction(lists, extensions?.tags, word) : undefined;
        for (const parameter of parameters as { name: string | null; codec: PgCodec }[]) {
          const list = listOf(parameter.name);
          if (list) parameter.codec = withWords(parameter.codec, list);
        }
        for (const [column, attribute] of Object.entries(codec.isAnonymous ? (codec.attributes ?? {}) : {})) {
          const list = listOf(column);
          if (list) attribute.codec = withWords(attribute.codec, list) as never;
        }
      },
    },
  } satisfies GraphileConfig.PluginGatherConfig<
    "fixedLists",
    { read: Map<string, Promise<FixedLists>> },
    object
  >,

  schema: {
    hooks: {
      // A word is before or after another by its letters, which says nothing.
      GraphQLInputObjectType_fields(fields, _build, { scope }) {
        const { pgConnectionFilterOperators: operators } = scope as {
          pgConnectionFilterOperators?: { pgCodecs: PgCodec[] };
        };
        if (!operators?.pgCodecs.every(({ extensions }) => extensions?.isFixedList)) return fields;
        return Object.fromEntries(
          Object.entries(fields).filter(([name]) => !/^(less|greater)Than/.test(name)),
        );
      },
    },
  },
};

declare global {
  namespace GraphileConfig {
    interface GatherHelpers {
      fixedLists: { of(serviceName: string): Promise<FixedLists> };
    }
  }
  namespace DataplanPg {
    interface PgCodecExtensions {
      isFixedList?: boolean;
    }
  }
}

const ownLists = new Map<string, FixedList>();

/** The list that a comment brings, and what else it says. One name is one list. */
function ownList(name: string, comment: string): { list: FixedList; about: string } {
  const lines = comment.split("\n").map((line) => ({ line, parts: /^(\w+): (.+)$/.exec(line) }));
  const words = lines.flatMap(({ parts }) =>
    parts ? [{ word: parts[1] ?? "", description: parts[2] ?? "" }] : [],
  );
  const about = lines.flatMap(({ line, parts }) => (parts ? [] : [line])).join("\n");
  const known = ownLists.get(name) ?? { name, description: about, words };
  if (words.length === 0 || JSON.stringify(known.words) !== JSON.stringify(words))
    throw new Error(`@words own ${name}: the comment brings no words, or others than its namesake`);
  ownLists.set(name, known);
  return { list: known, about };
}

/** The list that a comment names. */
function named(lists: FixedLists, column: string): FixedList {
  const list = lists.ofColumn(column);
  if (!list) throw new Error(`@words ${column}: this column has no fixed list`);
  return list;
}

function ofFunction(lists: FixedLists, tags: Tags, word: string): FixedList | undefined {
  for (const tag of [tags?.words ?? []].flat()) {
    const [about, column = ""] = String(tag).split(" ");
    if (about === word) return column === "none" ? undefined : named(lists, column);
  }
  return lists.ofName(word);
}

const codecs = new WeakMap<FixedList, PgCodec>();

/** The codec of text, or of a list of it, with these words; any other type is not meant. */
function withWords(codec: PgCodec, list: FixedList): PgCodec {
  if (codec.arrayOfCodec) return listOfCodec(withWords(codec.arrayOfCodec, list) as never) as PgCodec;
  if (codec !== TYPES.text) return codec;
  const known = codecs.get(list);
  if (known) return known;
  const made: PgCodec = enumCodec({
    name: list.name,
    identifier: TYPES.text.sqlType,
    description: list.description,
    extensions: { isFixedList: true },
    values: list.words.map(({ word, description }) => ({ value: word, description })),
  });
  codecs.set(list, made);
  return made;
}
