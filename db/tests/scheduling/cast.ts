/** Who and what all generated cases have in common, made once; and the clock of each. */
import type pg from "pg";

export const iso = (instant: number) => new Date(instant).toISOString();

/** Who and what is there in every case; what they are like, the case says. */
export type Cast = {
  clinicId: string;
  calendarId: string;
  elsewhereId: string;
  specialistIds: string[];
  /** Works at every hour, alone, and has the rooms that nobody else has. */
  somebodyElseId: string;
  resourceIds: string[];
};

/**
 * Makes the cast once, to stay: a clinic with all that hangs on it costs more than a hundred cases. Leaves the clock of tests
 * in place, too, so that setting it throws away no plans.
 */
export async function makeCast(client: pg.Client): Promise<Cast> {
  await client.query("begin");
  await client.query(
    "select tests.freeze_time(now()), tests.clinic('atlas'), tests.staff('front desk', 'front_desk')",
  );
  for (const name of [...people, "somebody else"]) await client.query("select tests.specialist($1)", [name]);
  for (const name of rooms) await client.query("select tests.resource($1, 'room')", [name]);
  await client.query(
    "select tests.calendar('visits', $1, strategy => 'specific'), tests.calendar('elsewhere')",
    [people],
  );
  const { rows } = await client.query(
    `select tests.id('atlas') as "clinicId", tests.id('visits') as "calendarId", tests.id('elsewhere') as "elsewhereId",
       tests.id('somebody else') as "somebodyElseId",
       array(select tests.id(n) from unnest($1::text[]) with ordinality as n (n, place) order by place) as "specialistIds",
       array(select tests.id(n) from unnest($2::text[]) with ordinality as n (n, place) order by place) as "resourceIds"`,
    [people, rooms],
  );
  // What a case writes is right by construction: neither triggers nor foreign keys of it are what is looked at.
  for (const table of written) await client.query(`alter table ${table} disable trigger all`);
  await client.query("commit");
  await client.query("set plan_cache_mode = force_generic_plan");
  return rows[0];
}

const written = [
  ..."specialists calendars calendar_specialists calendar_hours specialist_weekly_hours specialist_schedule_overrides"
    .split(" ")
    .map((name) => `app_public.${name}`),
  ..."specialist_zones resources calendar_resources".split(" ").map((name) => `app_public.${name}`),
  "app_private.time_claims",
  "app_private.resource_claims",
];

const people = ["specialist 0", "specialist 1", "specialist 2"];
const rooms = Array.from({ length: 6 }, (_, n) => `room ${n}`);

export function setClock(client: pg.Client, now: number): Promise<unknown> {
  return client.query({
    name: "clock",
    text: "select set_config('tests.now', $1, true)",
    values: [iso(now)],
  });
}
