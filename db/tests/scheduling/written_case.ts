/** A generated case as rows of a database, and what the listing says of it there. */
import type pg from "pg";
import type { Case } from "./booking_cases.ts";
import { type Hours, minute, type Specialist } from "./oracle.ts";

const time = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
export const iso = (instant: number) => new Date(instant).toISOString();

/** Writes the case, and answers with the claims that stand: those that would overlap another are left out. */
export async function build(
  client: pg.Client,
  given: Case,
): Promise<{ calendarId: string; specialistIds: string[]; specialists: Specialist[] }> {
  await client.query("select tests.freeze_time($1)", [iso(given.now)]);
  await client.query("select tests.clinic('atlas'), tests.staff('front desk', 'front_desk')");
  const names = given.specialists.map((_, n) => `specialist ${n}`);
  for (const [n, { timezone }] of given.specialists.entries()) {
    await client.query("select tests.specialist($1, timezone => $2)", [names[n], timezone]);
  }
  const { calendar } = given;
  const { rows } = await client.query(
    `select tests.calendar('visits', specialists => $1, strategy => 'specific', minutes => $2, step_minutes => $3,
       buffer_before_minutes => $4, buffer_after_minutes => $5, notice_minutes => $6, horizon_days => $7, timezone => $8) as id,
       array(select tests.id(n) from unnest($1::text[]) with ordinality as n (n, place) order by place) as specialist_ids`,
    [
      names,
      calendar.minutes,
      calendar.stepMinutes,
      calendar.beforeMinutes,
      calendar.afterMinutes,
      calendar.noticeMinutes,
      calendar.horizonDays,
      calendar.timezone,
    ],
  );
  const calendarId: string = rows[0].id;
  const specialistIds: string[] = rows[0].specialist_ids;
  const write = (statement: string, list: unknown[]) =>
    client.query(`with clinic as (select tests.id('atlas') as id) ${statement}`, [JSON.stringify(list)]);
  const asTimes = (list: Hours[], more: object) =>
    list.map(({ weekday, starts, ends }) => ({ weekday, starts: time(starts), ends: time(ends), ...more }));

  await write(
    `insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
     select clinic.id, h.* from clinic, jsonb_to_recordset($1) as h (specialist uuid, weekday int, starts time, ends time)`,
    given.specialists.flatMap(({ weekly }, n) => asTimes(weekly, { specialist: specialistIds[n] })),
  );
  await write(
    `insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
     select clinic.id, h.* from clinic, jsonb_to_recordset($1) as h (calendar uuid, specialist uuid, weekday int, starts time, ends time)`,
    [
      ...asTimes(calendar.hours, { calendar: calendarId }),
      ...given.specialists.flatMap(({ own }, n) =>
        asTimes(own, { calendar: calendarId, specialist: specialistIds[n] }),
      ),
    ],
  );
  await write(
    `insert into app_public.specialist_schedule_overrides
       (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends)
     select clinic.id, o.*
     from clinic, jsonb_to_recordset($1) as o (specialist uuid, kind text, starts_on date, ends_on date, starts time, ends time)`,
    given.specialists.flatMap(({ overrides }, n) =>
      overrides.map(({ kind, startsOn, endsOn, hours }) => ({
        specialist: specialistIds[n],
        kind,
        starts_on: startsOn,
        ends_on: endsOn,
        starts: hours && time(hours.starts),
        ends: hours && time(hours.ends),
      })),
    ),
  );
  await client.query(
    `update app_public.calendar_specialists as cs set duration_minutes = given.minutes
     from jsonb_to_recordset($1) as given (specialist uuid, minutes int)
     where cs.calendar_id = $2 and cs.specialist_id = given.specialist`,
    [
      JSON.stringify(given.specialists.map(({ minutes }, n) => ({ specialist: specialistIds[n], minutes }))),
      calendarId,
    ],
  );

  const specialists: Specialist[] = [];
  for (const [n, specialist] of given.specialists.entries()) {
    const claims: Specialist["claims"] = [];
    for (const { start, minutes, margin, kind } of specialist.claims) {
      const blocked = { from: start - margin * minute, to: start + (minutes + margin) * minute };
      const { rowCount } = await client.query(
        `insert into app_private.time_claims (organization_id, specialist_id, kind, during, blocked, expires_at, token_hash)
         values (tests.id('atlas'), $1, $2, tstzrange($3, $4), tstzrange($5, $6), $7, sha256(gen_random_uuid()::text::bytea))
         on conflict do nothing`,
        [
          specialistIds[n],
          kind === "appointment" ? kind : "hold",
          iso(start),
          iso(start + minutes * minute),
          iso(blocked.from),
          iso(blocked.to),
          kind === "appointment" ? null : iso(given.now + (kind === "hold" ? 1 : 0)),
        ],
      );
      if (rowCount === 1 && kind !== "expired") claims.push(blocked);
    }
    specialists.push({ ...specialist, claims });
  }
  return { calendarId, specialistIds, specialists };
}

export async function list(
  client: pg.Client,
  calendarId: string,
  from: number,
  to: number,
): Promise<string[]> {
  const { rows } = await client.query(
    `select extract(epoch from s.starts_at) * 1000 as start, extract(epoch from coalesce(who.ends_at, s.ends_at)) * 1000 as end, who.specialist,
            count(*) over (partition by s.starts_at) as rows
     from app_public.available_slots($1, $2, $3) as s
     cross join unnest(s.specialist_ids, s.specialist_ends_at) as who (specialist, ends_at)`,
    [calendarId, iso(from), iso(to)],
  );
  return rows.map(({ start, end, specialist }) => slot(Number(start), Number(end), specialist)).sort();
}

export const slot = (start: number, end: number, specialist: string) =>
  `${iso(start)} to ${iso(end)} ${specialist}`;
