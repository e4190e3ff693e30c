import "postgraphile";
import { Kind, type ValueNode } from "grafast/graphql";
import { TYPES } from "postgraphile/@dataplan/pg";
import { sql } from "postgraphile/pg-sql2";
import { readDate, readInstant, readTime } from "../instant.ts";

const scalars: Record<
  string,
  { read(value: unknown): string; description: string; specifiedByURL?: string }
> = {
  Datetime: {
    read: readInstant,
    description:
      "An instant as in [RFC 3339](https://datatracker.ietf.org/doc/html/rfc3339). On input it needs its offset or " +
      "Z; anything else is `VALIDATION`.",
    specifiedByURL: "https://datatracker.ietf.org/doc/html/rfc3339",
  },
  Date: {
    read: readDate,
    description: "A day of the calendar, YYYY-MM-DD. Anything else on input is `VALIDATION`.",
  },
  LocalTime: {
    read: readTime,
    description:
      "A time of day, HH:MM or HH:MM:SS, local where its zone stands beside it. Anything else on input is `VALIDATION`.",
  },
};

/**
 * @dataplan/pg writes a time as the time of a date, and then 24:00, the end of a day, is 00:00: hours around the clock
 * would read as none, and what was read could not be written back.
 */
Object.assign(TYPES.time, {
  castFromPg: (time: ReturnType<typeof sql>) => sql`to_char((${time})::interval, 'HH24:MI:SS.US')`,
});

/**
 * PostgreSQL reads `tomorrow`, `infinity` and a time without a zone as instants, and graphile hands it whatever
 * stands there. What is no instant, day or time ends here, in a document as in its variables, in arguments as in
 * filters (FND-29).
 */
export const ClockScalarsPlugin: GraphileConfig.Plugin = {
  name: "ClockScalarsPlugin",
  version: "1.0.0",

  schema: {
    hooks: {
      GraphQLScalarType(config) {
        const scalar = scalars[config.name];
        if (!scalar) return config;
        const { read, description, specifiedByURL } = scalar;
        return {
          ...config,
          description,
          ...(specifiedByURL ? { specifiedByURL } : {}),
          parseValue: read,
          parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : undefined),
        };
      },
    },
  },
};
