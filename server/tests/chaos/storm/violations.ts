import { imbalances } from "../../../../db/tests/books.ts";
import type { KillableDatabase } from "../database.ts";
import type { Answered, Books, Move } from "./books.ts";
import type { Clinic } from "./clinic.ts";

/** What the storm left that must not be: what is stored against itself, and against what was answered. */
export async function violations(
  database: KillableDatabase,
  clinic: Clinic,
  books: Books,
): Promise<string[]> {
  const list = async (sql: string, values: unknown[] = []) =>
    (await database.ask<{ list: string[] }>(sql, values))[0]?.list ?? [];
  const found = await imbalances((sql) => list(`${sql} as list`));
  found.push(...(await movesAgainst(database, clinic, books)));
  found.push(...(await requestsAgainst(database, clinic, books)));
  found.push(...(await holdsAgainst(database, books)));

  const series = await database.ask<{ id: string; sessions: number }>(
    "select series_id as id, count(*)::int as sessions from app_public.appointments where organization_id = $1 and series_id is not null group by 1",
    [clinic.id],
  );
  const sizes = new Map([...books.series].map(([id, ids]) => [id, ids.length]));
  const stored = new Map(series.map(({ id, sessions }) => [id, sessions]));
  found.push(...differences("appointments of a series", sizes, stored));
  const chain = await list(
    "select array(select v.finding from audit.verify($1) as v where v.finding is not null limit 20) as list",
    [clinic.id],
  );
  return [...found, ...chain.map((finding) => `the audit log: ${finding}`)];
}

/** Each answer is a move of the history and each move was answered, but for those nobody was told of. */
async function movesAgainst(database: KillableDatabase, clinic: Clinic, books: Books): Promise<string[]> {
  const rows = await database.ask<{ id: string; move: Move; count: number }>(
    `select appointment_id as id, count(*)::int as count,
       case when to_status = 'cancelled' then 'cancelled' when from_status is null then 'booked'
         when from_status = 'cancelled' then 'reinstated' else 'rescheduled' end as move
     from app_public.appointment_moves where organization_id = $1 group by 1, 3`,
    [clinic.id],
  );
  const stored = new Map(rows.map(({ id, move, count }) => [`${id} ${move}`, count]));
  const found: string[] = [];
  for (const [id, moves] of books.appointments) {
    for (const [move, told] of Object.entries(moves) as [Move, number][]) {
      const is = stored.get(`${id} ${move}`) ?? 0;
      stored.delete(`${id} ${move}`);
      const unknown = books.unknown.get(id)?.[move] ?? 0;
      if (is < told || is > told + unknown)
        found.push(`appointment ${id}: ${move} ${is} times, answered ${told}, unknown ${unknown}`);
    }
  }
  return [...found, ...[...stored.keys()].map((what) => `stored and never answered: ${what}`)];
}

async function requestsAgainst(database: KillableDatabase, clinic: Clinic, books: Books): Promise<string[]> {
  const rows = await database.ask<{ id: string; status: string }>(
    "select id, status from app_public.booking_requests where organization_id = $1",
    [clinic.id],
  );
  const found: string[] = [];
  for (const { id, status } of rows) {
    const request = books.requests.get(id);
    const unknown = Object.keys(books.unknown.get(id) ?? {});
    const right = request && [request.answer ?? "requested", ...(request.answer ? [] : unknown)];
    if (!right?.includes(status as Answered))
      found.push(`request ${id} is ${status}, should be ${right?.join(" or ")}`);
  }
  const stored = new Set(rows.map(({ id }) => id));
  const missing = [...books.requests.keys()].filter((id) => !stored.has(id));
  return [...found, ...missing.map((id) => `request ${id} is not stored`)];
}

/** A hold is there whatever became of it since; one that was let go takes no time. */
async function holdsAgainst(database: KillableDatabase, books: Books): Promise<string[]> {
  const [row] = await database.ask<{ list: string[] }>(
    `select array(
       select h.told || ' hold ' || coalesce(c.id::text, 'that is not stored')
       from unnest($1::text[], $2::text[]) as h (token, told)
       left join app_private.time_claims c on c.token_hash = sha256(h.token::bytea)
       where c.id is null or h.told = 'released' and c.released_at is null) as list`,
    [[...books.holds.keys()], [...books.holds.values()]],
  );
  return row?.list ?? [];
}

function differences(what: string, told: Map<string, number>, stored: Map<string, number>): string[] {
  return [...new Set([...told.keys(), ...stored.keys()])]
    .filter((id) => told.get(id) !== stored.get(id))
    .map((id) => `${what} ${id}: ${stored.get(id) ?? 0}, answered ${told.get(id) ?? 0}`);
}
