import { registerHooks } from "node:module";

/**
 * Pages of an order by a column that may be null (FND-29): in @dataplan/pg 1.1.2 the condition that says which rows
 * come after a cursor takes the nulls for those before it, so that rows are lost or come twice. There is no place
 * from which a plugin could say it otherwise and leave the order as it is, which indexes serve. So the two words are
 * exchanged as the file is loaded. Imported before PostGraphile is; another version than this one is refused, and
 * server/tests/paging.test.ts says whether it still needs mending.
 */
const file = /\/@dataplan\/pg\/dist\/steps\/pgSelect\.js$/;
const wrong = `(nullsFirst && beforeOrAfter === "after") ||
                (!nullsFirst && beforeOrAfter === "before");`;
const right = `(!nullsFirst && beforeOrAfter === "after") ||
                (nullsFirst && beforeOrAfter === "before");`;

const state = { isMended: false };

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!file.test(url)) return loaded;
    const source = String(loaded.source).replaceAll("\r\n", "\n");
    if (!source.includes(wrong)) {
      throw new Error("server/null_cursors.ts mends another version of @dataplan/pg than the one installed.");
    }
    state.isMended = true;
    return { ...loaded, source: source.replace(wrong, right) };
  },
});

/** Throws when PostGraphile was loaded before this file. */
export function requireMendedCursors(): void {
  if (!state.isMended) throw new Error("server/graphile_env.ts must be imported before PostGraphile.");
}
