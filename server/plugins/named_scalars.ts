import "postgraphile";
import { GraphQLInt } from "grafast/graphql";
import { domainOfCodec, listOfCodec, type PgCodec, TYPES } from "postgraphile/@dataplan/pg";

type NamedScalar = { of: PgCodec; names: RegExp; description: string; specifiedByURL?: string };

/**
 * Values that are more than text or a number, by the name that columns and arguments of this kind have everywhere. What a
 * name means is one thing: a lint keeps another type away from it (server/tests/contract).
 */
export const NAMED_SCALARS: Record<string, NamedScalar> = {
  Email: {
    of: TYPES.text,
    names: /(^|_)email$/,
    description:
      "An address of mail, such as maria.ionescu@example.com. What is none is refused with VALIDATION, naming the field.",
    specifiedByURL: "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address",
  },
  PhoneNumber: {
    of: TYPES.text,
    names: /(^|_)phone$/,
    description:
      "A telephone number in E.164, such as +40700000123. On input as people of the clinic's country write it, too: 0700 000 123.",
    specifiedByURL: "https://www.itu.int/rec/T-REC-E.164",
  },
  TimeZone: {
    of: TYPES.text,
    names: /timezone$/,
    description:
      "A time zone by its IANA name, such as Europe/Bucharest. knownTimeZones lists those that are taken.",
    specifiedByURL: "https://www.iana.org/time-zones",
  },
  Minutes: { of: TYPES.int, names: /_minutes$/, description: "A length of time in whole minutes." },
  MoneyMinor: {
    of: TYPES.bigint,
    names: /_amount$/,
    description:
      'An amount of money in the smallest unit of its currency (bani, cents), as text, so that nobody rounds it: "20000" is 200.00 RON.',
  },
};

/**
 * Gives these values scalars of their own (FND-29), in columns, arguments and answers. The database checks and writes
 * them as ever: the scalar says what a string is, and a frontend maps it once.
 */
export const NamedScalarsPlugin: GraphileConfig.Plugin = {
  name: "NamedScalarsPlugin",
  version: "1.0.0",

  inflection: {
    replace: {
      // A time of day is read on the clock of the zone beside it.
      builtin: (previous, _preset, name) => (name === "Time" ? "LocalTime" : String(previous?.(name))),
    },
  },

  gather: {
    hooks: {
      pgCodecs_attribute(_info, { pgAttribute, attribute }) {
        attribute.codec = withName(attribute.codec, pgAttribute.attname);
      },
      pgProcedures_PgResourceOptions(_info, { resourceOptions: { codec, parameters = [] } }) {
        for (const parameter of parameters as { name: string | null; codec: PgCodec }[])
          parameter.codec = withName(parameter.codec, parameter.name ?? "");
        for (const [name, attribute] of Object.entries(codec.isAnonymous ? (codec.attributes ?? {}) : {}))
          attribute.codec = withName(attribute.codec, name) as never;
      },
    },
  },

  schema: {
    hooks: {
      init: {
        before: ["PgCodecs"],
        callback(init, build) {
          for (const [name, { of, description, specifiedByURL }] of Object.entries(NAMED_SCALARS)) {
            build.registerScalarType(
              name,
              {},
              () => ({
                ...(of === TYPES.int ? wholeNumber : build.stringTypeSpec(description, undefined, name)),
                description,
                ...(specifiedByURL ? { specifiedByURL } : {}),
              }),
              "NamedScalarsPlugin",
            );
            build.setGraphQLTypeForPgCodec(codecOf(name), ["input", "output"], name);
          }
          return init;
        },
      },
    },
  },
};

const wholeNumber = {
  serialize: GraphQLInt.serialize,
  parseValue: GraphQLInt.parseValue,
  parseLiteral: GraphQLInt.parseLiteral,
};

const codecs = new Map<string, PgCodec>();

function codecOf(name: string): PgCodec {
  const known = codecs.get(name);
  if (known) return known;
  const { of } = NAMED_SCALARS[name] as NamedScalar;
  const made = domainOfCodec(of as never, `named_${name}`, of.sqlType, {
    ...(of.extensions ? { extensions: of.extensions } : {}),
  }) as unknown as PgCodec;
  codecs.set(name, made);
  return made;
}

function withName(codec: PgCodec, name: string): PgCodec {
  if (codec.arrayOfCodec) {
    const one = codec.arrayOfCodec;
    // `emails` are of what `email` is, and `reminder_minutes` of minutes.
    const inner = [name.replace(/s$/, ""), name]
      .map((of) => withName(one, of))
      .find((named) => named !== one);
    return inner ? (listOfCodec(inner as never) as PgCodec) : codec;
  }
  const [found] =
    Object.entries(NAMED_SCALARS).find(([, { of, names }]) => of === codec && names.test(name)) ?? [];
  return found ? codecOf(found) : codec;
}
