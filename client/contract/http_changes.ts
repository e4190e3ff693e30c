import type { Change } from "./change.ts";
import { exchangesOf, type HttpContract, resolved, type Schema } from "./http_types.ts";

/** Which way a value goes: a frontend gives it, or is answered with it. */
type Way = "given" | "answered";

/** What changed of the HTTP paths: operations by their ids, fields by their paths within them. */
export function httpChanges(before: HttpContract, after: HttpContract): Change[] {
  const changes: Change[] = [];
  const say = (level: Change["level"], where: string, what: string): void => {
    changes.push({ level, where, what });
  };

  const compare = (where: string, way: Way, then: Schema, now: Schema): void => {
    const [was, is] = [resolved(then, before), resolved(now, after)];
    const [kindsThen, kindsNow] = [kindsOf(was), kindsOf(is)];
    // What was given must still be taken; what is answered must have been known.
    const odd =
      way === "given"
        ? kindsThen.filter((kind) => !kindsNow.includes(kind))
        : kindsNow.filter((kind) => !kindsThen.includes(kind));
    if (odd.length > 0) {
      const verb = way === "given" ? "no longer takes" : "may now be";
      const isNewWord = way === "answered" && odd.every((kind) => kind.startsWith('"'));
      say(isNewWord ? "risky" : "breaking", where, `'${where}' ${verb} ${odd.join(", ")}`);
    }
    if (was.items && is.items) compare(`${where}[]`, way, was.items, is.items);
    compareFields(where, way, was, is);
  };

  const compareFields = (where: string, way: Way, was: Schema, is: Schema): void => {
    const names = new Set([...Object.keys(was.properties ?? {}), ...Object.keys(is.properties ?? {})]);
    for (const name of names) {
      const [then, now] = [was.properties?.[name], is.properties?.[name]];
      const field = `${where}.${name}`;
      const [mustThen, mustNow] = [was, is].map(({ required }) => required?.includes(name) ?? false);
      if (!now) say("breaking", field, `'${field}' was removed`);
      else if (!then)
        say(way === "given" && mustNow ? "breaking" : "harmless", field, `'${field}' was added`);
      else {
        if (way === "given" && !mustThen && mustNow) say("breaking", field, `'${field}' became required`);
        if (way === "answered" && mustThen && !mustNow)
          say("breaking", field, `'${field}' may now be missing`);
        compare(field, way, then, now);
      }
    }
  };

  const now = new Map(exchangesOf(after).map((exchange) => [exchange.operation.operationId, exchange]));
  const then = new Map(exchangesOf(before).map((exchange) => [exchange.operation.operationId, exchange]));
  for (const [id, was] of then) {
    const is = now.get(id);
    const [called, calls] = [was, is].map((one) => `${one?.method} ${one?.path}`);
    if (!is) say("breaking", id, `'${id}' (${called}) was removed`);
    else {
      if (called !== calls) say("breaking", id, `'${id}' was ${called} and is ${calls}`);
      if (was.takesKey && !is.takesKey) say("breaking", id, `'${id}' no longer takes an Idempotency-Key`);
      compare(id, "given", was.given, is.given);
      if (was.answered && is.answered) compare(id, "answered", was.answered, is.answered);
      else if (was.answered) say("breaking", id, `'${id}' answers nothing any more`);
    }
  }
  for (const id of now.keys()) if (!then.has(id)) say("harmless", id, `'${id}' was added`);
  return changes;
}

/** What a value may be: its types, with their format, and each word of a list. */
function kindsOf(schema: Schema): string[] {
  if (schema.anyOf) return schema.anyOf.flatMap(kindsOf);
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word));
  return [schema.type ?? "anything"]
    .flat()
    .map((type) => (schema.format ? `${type} (${schema.format})` : type));
}
