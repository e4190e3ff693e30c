import type { Place } from "./conditions.ts";
import type { Token } from "./sql_tokens.ts";

/**
 * Whether a condition says only what is locked: left out, it locks what it need not, and somebody waits a moment longer.
 * That the lock is taken where it has to be is tried by leaving out the lock (db/tests/locks). Two sorts:
 * `if … then perform app_private.lock_days(v_days); end if;` and `perform from … where … for update;`.
 */
export function decidesOnlyAboutLocks(tokens: Token[], condition: Place & { opener: string }): boolean {
  return condition.opener === "if"
    ? isFollowedByLocksAlone(tokens, condition.to)
    : isOfARowLock(tokens, condition.from);
}

function isFollowedByLocksAlone(tokens: Token[], then: number): boolean {
  const end = tokens.findIndex(({ text }, at) => at > then && ["end", "else", "elsif", "if"].includes(text));
  const steps = wordsOf(tokens, then + 1, end).split(" ;");
  return (
    tokens[end]?.text === "end" &&
    steps.pop() === "" &&
    steps.every((step) => /^ ?perform app_private \. lock_/.test(step))
  );
}

/** A query that returns nothing to anybody and locks rows; whoever asks `found` afterwards decides more by it. */
function isOfARowLock(tokens: Token[], at: number): boolean {
  const start = tokens.findLastIndex(
    ({ text }, before) => before < at && [";", "begin", "then", "else", "loop"].includes(text),
  );
  const end = tokens.findIndex(({ text }, behind) => behind > at && text === ";");
  const statement = wordsOf(tokens, start + 1, end);
  return (
    /^perform (1 )?from .* for (no key )?(update|share|key share)\b/.test(statement) &&
    !tokens.slice(end + 1, end + 6).some(({ text }) => text === "found")
  );
}

function wordsOf(tokens: Token[], from: number, to: number): string {
  return tokens
    .slice(from, to)
    .map(({ text }) => text)
    .join(" ");
}
