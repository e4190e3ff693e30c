/** A generated case as rows of a database, and what the listing says of it there. */
import type pg from "pg";
import type { Case, Claim } from "./booking_cases.ts";
import { type Calendar, freeStarts, type Hours, minute, type Resource, type Specialist } from "./oracle.ts";

const time = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
export const iso = (instant: number) => new Date(instant).toISOString();

/** Writes the case, and answers with the claims that stand: those that would overlap another are left out. */
export async function build(
  client: pg.Client,
  given: Case,
): Promise<{
  calendarId: string;
  specialistIds: string[];
  specialists: Specialist[];
  calendar: Calendar;
}> {
  await client.query("select tests.freeze_time($1)", [iso(given.now)]);
  await client.query("select tests.clinic('atlas'), tests.staff('front desk', 'front_desk')");
  const names = given.specialists.map((_, n) => `specialist ${n}`);
  for (const [n, { timezone }] of given.specialists.entries()) {
    await client.query("select tests.specialist($1, timezone => $2)", [names[n], timezone]);
  }
  const { calendar } = given;
  await client.query("select tests.specialist('somebody else')");
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
  await client.query("select tests.calendar('elsewhere'), tests.capacity('visits', $1)", [calendar.capacity]);
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
  await write(
    `insert into app_public.specialist_zones (organization_id, specialist_id, timezone, starts_on, ends_on)
     select clinic.id, z.* from clinic, jsonb_to_recordset($1) as z (specialist uuid, timezone text, starts_on date, ends_on date)`,
    given.specialists.flatMap(({ zones }, n) =>
      zones.map(({ timezone, startsOn, endsOn }) => ({
        specialist: specialistIds[n],
        timezone,
        starts_on: startsOn,
        ends_on: endsOn,
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

  const resources = await writeResources(client, given, calendarId);
  const known = { ...calendar, resources };
  const specialists: Specialist[] = [];
  for (const [n, specialist] of given.specialists.entries()) {
    const specialistId = specialistIds[n] as string;
    const claims: Specialist["claims"] = [];
    const sessions: Specialist["sessions"] = [];
    const idle = { ...specialist, claims, sessions };
    // Where sessions would be: of every seat that is gone the session is still there when another one is taken.
    const starts = freeStarts({ ...known, needs: [] }, idle, given.now, given.from, given.to);
    for (const { pick, seats, capacity, isElsewhere } of specialist.sessions) {
      const at = starts[pick % Math.max(1, starts.length)];
      if (!at) continue;
      const sessionId = await writeClaim(client, given.now, specialistId, {
        claim: { start: at.start, minutes: (at.end - at.start) / minute, margin: 5, kind: "appointment" },
        session: { capacity, calendarId: isElsewhere ? "elsewhere" : "visits", seats },
      });
      const taken = seats.filter((kind) => kind !== "expired").length;
      if (!sessionId || taken === 0) continue;
      claims.push({ from: at.start - 5 * minute, to: at.end + 5 * minute });
      if (!isElsewhere) sessions.push({ ...at, seatsLeft: capacity - taken });
    }
    for (const claim of specialist.claims) {
      const written = await writeClaim(client, given.now, specialistId, { claim });
      if (written && claim.kind !== "expired") claims.push(blockedBy(claim));
    }
    specialists.push({ ...specialist, claims, sessions });
  }
  return { calendarId, specialistIds, specialists, calendar: known };
}

const blockedBy = ({ start, minutes, margin }: Claim) => ({
  from: start - margin * minute,
  to: start + (minutes + margin) * minute,
});

/** The id of a claim, or of a session with its seats; undefined when it would overlap another. */
async function writeClaim(
  client: pg.Client,
  now: number,
  specialistId: string,
  {
    claim,
    session,
  }: { claim: Claim; session?: { capacity: number; calendarId: string; seats: Claim["kind"][] } },
): Promise<string | undefined> {
  const blocked = blockedBy(claim);
  const row = (kind: string, more: { sessionId?: string; seat?: number } = {}) =>
    client.query(
      `insert into app_private.time_claims (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at,
         token_hash, capacity, session_id, seat)
       values (tests.id('atlas'), $1, tests.id($11), $2, tstzrange($3, $4), tstzrange($5, $6), $7,
         case when $2 <> 'session' then sha256(gen_random_uuid()::text::bytea) end, $8, $9, $10)
       on conflict do nothing returning id`,
      [
        specialistId,
        kind === "expired" ? "hold" : kind,
        iso(claim.start),
        iso(claim.start + claim.minutes * minute),
        iso(blocked.from),
        iso(blocked.to),
        kind === "hold" || kind === "expired" ? iso(now + (kind === "hold" ? 1 : 0)) : null,
        kind === "session" ? session?.capacity : null,
        more.sessionId,
        more.seat,
        session?.calendarId ?? "visits",
      ],
    );
  const { rows } = await row(session ? "session" : claim.kind);
  const id: string | undefined = rows[0]?.id;
  if (!id || !session) return id;
  for (const [n, kind] of session.seats.entries()) await row(kind, { sessionId: id, seat: n + 1 });
  await client.query("select app_private.settle_sessions(array[$1::uuid])", [id]);
  return id;
}

/** Rooms and devices, what the calendar needs of them, and what somebody else has: who works at every hour, alone. */
async function writeResources(client: pg.Client, given: Case, calendarId: string): Promise<Resource[]> {
  const { rows: others } = await client.query("select tests.id('somebody else') as id");
  const resources: Resource[] = [];
  const ids: string[] = [];
  for (const [n, { type, isActive, claims }] of given.calendar.resources.entries()) {
    const { rows } = await client.query("select tests.resource($1, $2) as id", [`${type} ${n}`, type]);
    ids.push(rows[0].id);
    await client.query("update app_public.resources set is_active = $2 where id = $1", [
      rows[0].id,
      isActive,
    ]);
    const stand: Resource["claims"] = [];
    for (const claim of claims) {
      const claimId = await writeClaim(client, given.now, others[0].id, { claim });
      if (!claimId) continue;
      await client.query(
        `insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
         select tc.organization_id, $2, tc.id, tc.blocked from app_private.time_claims as tc where tc.id = $1`,
        [claimId, rows[0].id],
      );
      if (claim.kind !== "expired") stand.push(blockedBy(claim));
    }
    resources.push({ type, isActive, claims: stand });
  }
  for (const { type, named } of given.calendar.needs) {
    await client.query(
      `insert into app_public.calendar_resources (organization_id, calendar_id, type, resource_id)
       values (tests.id('atlas'), $1, $2, $3)`,
      [calendarId, type, named === null ? null : ids[named]],
    );
  }
  return resources;
}

/** How many seats are left at each start, as the listing says. */
export async function seats(
  client: pg.Client,
  calendarId: string,
  from: number,
  to: number,
): Promise<Record<string, number>> {
  const { rows } = await client.query(
    `select extract(epoch from s.starts_at) * 1000 as start, s.seats_left
     from app_public.available_slots($1, $2, $3) as s where s.seats_left is not null`,
    [calendarId, iso(from), iso(to)],
  );
  return Object.fromEntries(rows.map(({ start, seats_left }) => [iso(Number(start)), seats_left]));
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
