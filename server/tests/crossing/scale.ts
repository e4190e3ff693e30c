import { getNamedType, isObjectType } from "grafast/graphql";
import { WebSocket } from "ws";
import { socketUrl } from "../listener.ts";
import type { Answer } from "../support.ts";
import { callOf, inParts, rootFields, selectionsOf, slotsOf } from "./operations.ts";
import { type Pick, type Question, questionsOf, type RootField } from "./questions.ts";
import { crowd, digests, gist, leaksIn, openWorld, type Person, type World } from "./world.ts";

export type Crossing = {
  /** Operations that were sent: each question is two, about another's row and about nobody's. */
  operations: number;
  /** By person, and how many frames their open socket heard. */
  counts: Record<string, number>;
  /** Root fields with an argument that names something. */
  fields: Set<string>;
  wrong: string[];
  undecided: Set<string>;
};

/** Repeatable: the same seed asks the same. */
function chooser(seed: number): Pick & { seed: number } {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return Object.assign(<T>(all: readonly T[]) => all[Math.floor(next() * all.length)], { seed });
}

/**
 * Seven persons and a guest ask every root field about rows that are not theirs, each time beside the same question
 * about nothing at all: nothing of another clinic is told, changed or heard, and both answers are the same (FND-05).
 * Everything else in the call is right: ids of their own, values that the argument takes. Ends with so many
 * operations, of which each person has their share.
 */
export async function crossAtScale({
  operations: wanted,
  seed = Date.now() % 1_000_000,
  only,
  told = () => {},
}: {
  operations: number;
  seed?: number;
  /** These persons, instead of all. */
  only?: readonly string[];
  told?: (line: string) => void;
}): Promise<Crossing> {
  const began = performance.now();
  const pick = chooser(seed);
  const world = await openWorld(
    "several people ask everything at once, for good",
    Object.fromEntries(Object.entries(crowd).filter(([name]) => !only || only.includes(name))),
  );
  told(`two clinics after ${Math.round(performance.now() - began)} ms`);
  const result: Crossing = {
    operations: 0,
    counts: {},
    fields: new Set(),
    wrong: [],
    undecided: new Set(),
  };
  try {
    const rows = await world.api.sql("select name from tests.app_tables");
    const tables: ReadonlySet<string> = new Set(rows.map(({ name }) => name));
    const people = Object.keys(crowd)
      .filter((name) => !only || only.includes(name))
      .map((name) => world.person(name));
    const asks = (["query", "mutation"] as const).flatMap((kind) =>
      rootFields(world.schema, kind)
        .filter((field) => slotsOf(field).length > 0)
        .map((field) => ({ kind, field })),
    );
    let turns = 0;
    const isOver = (): boolean => result.operations >= wanted * Math.min(1, turns / people.length);
    for (let round = 0; result.operations < wanted; round += 1) {
      for (const person of people) {
        turns += 1;
        const before = await digests(world);
        const ears = await listen(world, person);
        const questions = asks.flatMap(({ kind, field }) =>
          questionsOf(person, field, tables, result.undecided, round === 0 ? undefined : pick).map(
            (question) => ({
              kind,
              field,
              ...question,
            }),
          ),
        );
        for (const part of inParts(shuffled(questions, pick), 4)) {
          if (isOver()) break;
          const found = await Promise.all(
            part.map(({ kind, field, hidden, made }) => compare(world, person, kind, field, hidden, made)),
          );
          result.wrong.push(
            ...found.flat().map((what) => `${person.name}: ${what} (seed ${seed}, round ${round})`),
          );
          for (const { field } of part) result.fields.add(field.name);
          result.operations += part.length * 2;
          result.counts[person.name] = (result.counts[person.name] ?? 0) + part.length * 2;
        }
        result.wrong.push(...(await ears.heard()));
        const after = await digests(world);
        for (const clinic of ["atlas", "boreal"] as const) {
          if (crowd[person.name]?.clinic === clinic) continue;
          // A caregiver and a guest belong to no clinic, and may do at one what is theirs to do.
          if (crowd[person.name]?.clinic === null) continue;
          if (before[clinic] !== after[clinic])
            result.wrong.push(`${person.name} changed ${clinic} (seed ${seed})`);
        }
        told(`${person.name}: ${result.operations} operations, ${result.wrong.length} wrong`);
      }
    }
    return result;
  } finally {
    await world.api.close();
  }
}

function shuffled<T>(all: readonly T[], pick: Pick): T[] {
  const places = all.map((_, place) => place);
  return all.map(() => {
    const place = pick(places) as number;
    places.splice(places.indexOf(place), 1);
    return all[place] as T;
  });
}

/** Asks both questions; says what was told of another's, or how the two answers differ. */
async function compare(
  world: World,
  person: Person,
  kind: "query" | "mutation",
  field: RootField,
  hidden: Question,
  made: Question,
): Promise<string[]> {
  const answers: Answer[] = [];
  for (const { values } of [hidden, made]) answers.push(await ask(world, person, kind, field, values));
  const [first, second] = answers as [Answer, Answer];
  if (first.status >= 500) return [`${field.name}: ${first.status} ${first.text.slice(0, 300)}`];
  const found = leaksIn(first.text, person.forbidden, hidden.sent).map((leak) => `${field.name}: ${leak}`);
  const isPublic = ["clinicBySlug", "organizationBySlug"].includes(field.name);
  const [theirs, nobodys] = [gist(first, hidden.sent), gist(second, made.sent)];
  if (!isPublic && theirs !== nobodys)
    found.push(
      `${field.name}(${hidden.sent}): ${theirs.slice(0, 300)}, but for nobody's: ${nobodys.slice(0, 300)}`,
    );
  return found;
}

function ask(
  world: World,
  person: Person,
  kind: "query" | "mutation",
  field: RootField,
  values: unknown[],
): Promise<Answer> {
  const type = getNamedType(field.type);
  const selection = isObjectType(type) ? (selectionsOf(type, 1)[0] ?? "{ __typename }") : "";
  const { head, uses, variables } = callOf(field, slotsOf(field), values);
  return world.ask(person, `${kind} ${head} { ${field.name}${uses} ${selection} }`, variables);
}

/** An open socket of this person, while messages arrive for everybody else. */
async function listen(world: World, person: Person): Promise<{ heard(): Promise<string[]> }> {
  if (!person.token) return { heard: async () => [] };
  const frames: string[] = [];
  const socket = new WebSocket(socketUrl(world.api), "graphql-transport-ws");
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () =>
      socket.send(
        JSON.stringify({
          type: "connection_init",
          payload: {
            authorization: `Bearer ${person.token}`,
            ...(person.organization ? { "x-organization": person.organization } : {}),
          },
        }),
      ),
    );
    socket.on("message", (data) => {
      const text = String(data);
      if (JSON.parse(text).type === "connection_ack") {
        const query = "subscription { inboxItemArrived { id title body organizationId humanId } }";
        socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query } }));
        resolve();
      } else frames.push(text);
    });
  });
  return {
    async heard() {
      await world.api.sql(
        `select count(app_private.put_in_inbox(tests.id(o.slug), p.principal_id, gen_random_uuid(), 'canary', 'canary', now()))
         from tests.personas p cross join app_public.organizations o
         where o.slug in ('atlas', 'boreal') and p.name not like $1`,
        [crowd[person.name]?.human],
      );
      // An own one comes behind them all.
      await world.api.sql(
        `select app_private.put_in_inbox(coalesce($2::uuid, tests.id('atlas')), principal_id, gen_random_uuid(), 'own', 'own', now())
         from tests.personas where name = $1`,
        [crowd[person.name]?.human, person.organization ?? null],
      );
      for (let tries = 0; tries < 200 && !frames.some((text) => text.includes('"own"')); tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 25));
      socket.terminate();
      const foreign = frames.filter((text) => text.includes("canary") || text.includes('"errors"'));
      const isDeaf = !frames.some((text) => text.includes('"own"'));
      return [
        ...foreign.map((text) => `${person.name} heard ${text.slice(0, 200)}`),
        ...(isDeaf ? [`${person.name} does not hear what is their own`] : []),
      ];
    },
  };
}
