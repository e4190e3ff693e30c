import "postgraphile";

/** What is asked of many rows at once, and of which columns: money in sums, and how many different others there are. */
const ASKED = {
  sum: /_amount$/,
  min: /_amount$/,
  max: /_amount$/,
  distinctCount: /(^|_)id$/,
};

/**
 * Sums and counts only where somebody asks for them (FND-29): at tables whose comment says `@behavior +resource:aggregates`.
 * These are what a clinic counts its work by; how many rows a list has is its totalCount.
 */
export const SummedUpPlugin: GraphileConfig.Plugin = {
  name: "SummedUpPlugin",
  version: "1.0.0",
  after: ["aggregates"],

  schema: {
    hooks: {
      build(build) {
        const specs = (build as unknown as { pgAggregateSpecs?: { id: string }[] }).pgAggregateSpecs;
        if (!specs) throw new Error("the aggregates are not known");
        specs.splice(0, specs.length, ...specs.filter(({ id }) => id in ASKED));
        return build;
      },
    },
    entityBehavior: {
      pgCodecAttribute: {
        override: {
          provides: ["summedUp"],
          callback(behavior, [codec, attributeName]) {
            const isHidden = codec.attributes[attributeName]?.extensions?.canSelect === false;
            const unasked = Object.entries(ASKED).filter(
              ([, columns]) => isHidden || !columns.test(attributeName),
            );
            return [behavior, ...unasked.map(([id]) => `-${id}:attribute:aggregate` as never)];
          },
        },
      },
    },
  },
};
