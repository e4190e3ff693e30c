/** A generated case as rows of a database, and what the listing says of it there. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Case, Claim } from "./booking_cases.ts";
import { type Cast, iso } from "./cast.ts";
import { minute } from "./clocks.ts";
import { type Calendar, freeStarts, type Hours, type Resource, type Specialist } from "./oracle.ts";

const time = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;

/** Writes the case, and answers with what stands: claims that would overlap another are left out. */
export async function build(
  client: pg.Client,
  cast: Cast,
  given: Case,
): Promise<{ specialists: Specialist[]; calendar: Calendar }> {
  const { rows, specialists, calendar, sessionIds } = rowsOf(cast, given);
  await client.query({ name: "case", text: writing, values: [JSON.stringify({ ...cast, ...rows })] });
  await client.query({
    name: "sessions",
    text: "select app_private.settle_sessions($1)",
    values: [sessionIds],
  });
  return { specialists, calendar };
}

/** A name of the case's JSON as rows of these columns. */
const of = (name: string, columns: string) =>
  `(select $1::jsonb ->> 'clinicId') as clinic (id), jsonb_to_recordset($1::jsonb -> '${name}') as x (${columns})`;

const writing = `
  with people as (
    update app_public.specialists as s set scheduling_timezone = x.timezone
    from ${of("specialists", "id uuid, timezone text, minutes int")} where s.id = x.id
  ), lengths as (
    update app_public.calendar_specialists as cs set duration_minutes = x.minutes
    from ${of("specialists", "id uuid, timezone text, minutes int")}
    where cs.calendar_id = ($1::jsonb ->> 'calendarId')::uuid and cs.specialist_id = x.id
  ), absent as (
    delete from app_public.calendar_specialists as cs
    where cs.calendar_id = ($1::jsonb ->> 'calendarId')::uuid
      and cs.specialist_id not in (select x.id from ${of("specialists", "id uuid")})
  ), calendar as (
    update app_public.calendars as c
    set duration_minutes = x.minutes, step_minutes = x."stepMinutes", buffer_before_minutes = x."beforeMinutes",
      buffer_after_minutes = x."afterMinutes", notice_minutes = x."noticeMinutes", horizon_days = x."horizonDays",
      timezone = x.timezone, capacity = x.capacity
    from ${of("calendars", 'id uuid, minutes int, "stepMinutes" int, "beforeMinutes" int, "afterMinutes" int, "noticeMinutes" int, "horizonDays" int, timezone text, capacity int')}
    where c.id = x.id
  ), weekly as (
    insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
    select clinic.id::uuid, x.* from ${of("weekly", "specialist uuid, weekday int, starts time, ends time")}
  ), own as (
    insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
    select clinic.id::uuid, ($1::jsonb ->> 'calendarId')::uuid, x.*
    from ${of("own", "specialist uuid, weekday int, starts time, ends time")}
  ), overrides as (
    insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends)
    select clinic.id::uuid, x.*
    from ${of("overrides", "specialist uuid, kind text, starts_on date, ends_on date, starts time, ends time")}
  ), zones as (
    insert into app_public.specialist_zones (organization_id, specialist_id, timezone, starts_on, ends_on)
    select clinic.id::uuid, x.* from ${of("zones", 'specialist uuid, timezone text, "startsOn" date, "endsOn" date')}
  ), resources as (
    update app_public.resources as r set type = x.type, is_active = x."isActive"
    from ${of("resources", 'id uuid, type text, "isActive" boolean')} where r.id = x.id
  ), needs as (
    insert into app_public.calendar_resources (organization_id, calendar_id, type, resource_id)
    select clinic.id::uuid, ($1::jsonb ->> 'calendarId')::uuid, x.* from ${of("needs", "type text, resource uuid")}
  ), claims as (
    insert into app_private.time_claims (id, organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at,
      token_hash, capacity, session_id, seat)
    select x.id, clinic.id::uuid, x.specialist, x.calendar, x.kind, tstzrange(x.starts, x.ends), tstzrange(x.from, x.to), x.expires,
      case when x.kind <> 'session' then sha256(x.id::text::bytea) end, x.capacity, x.session, x.seat
    from ${of("claims", 'id uuid, specialist uuid, calendar uuid, kind text, starts timestamptz, ends timestamptz, "from" timestamptz, "to" timestamptz, expires timestamptz, capacity int, session uuid, seat int')}
  )
  insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
  select clinic.id::uuid, x.resource, x.claim, tstzrange(x.from, x.to)
  from ${of("taken", 'resource uuid, claim uuid, "from" timestamptz, "to" timestamptz')}`;

function rowsOf(cast: Cast, given: Case) {
  const idOf = (n: number) => cast.specialistIds[n] as string;
  const asTimes = (list: Hours[], specialist: string | null) =>
    list.map(({ weekday, starts, ends }) => ({
      specialist,
      weekday,
      starts: time(starts),
      ends: time(ends),
    }));
  const claims = new Claims(cast, given.now);

  const taken: object[] = [];
  const resources = given.calendar.resources.map(({ type, isActive, claims: wanted }, n): Resource => {
    const stand: Resource["claims"] = [];
    for (const claim of wanted) {
      const written = claims.add(cast.somebodyElseId, claim);
      if (!written) continue;
      taken.push({ resource: cast.resourceIds[n], claim: written.id, from: written.from, to: written.to });
      if (claim.kind !== "expired") stand.push(blockedBy(claim));
    }
    return { type, isActive, claims: stand };
  });
  const calendar: Calendar = { ...given.calendar, resources };

  const sessionIds: string[] = [];
  const specialists = given.specialists.map((specialist, n): Specialist => {
    const stand: Specialist["claims"] = [];
    const sessions: Specialist["sessions"] = [];
    // Where sessions would be: of every seat that is gone the session is still there when another one is taken.
    const idle = { ...specialist, claims: [], sessions: [] };
    const starts =
      specialist.sessions.length > 0
        ? freeStarts({ ...calendar, needs: [] }, idle, given.now, given.from, given.to)
        : [];
    for (const { pick, seats, capacity, isElsewhere } of specialist.sessions) {
      const at = starts[pick % Math.max(1, starts.length)];
      if (!at) continue;
      const claim = {
        start: at.start,
        minutes: (at.end - at.start) / minute,
        margin: 5,
        kind: "appointment",
      } as const;
      const calendarId = isElsewhere ? cast.elsewhereId : cast.calendarId;
      const session = claims.add(idOf(n), claim, { kind: "session", capacity, calendar: calendarId });
      if (!session) continue;
      sessionIds.push(session.id);
      for (const [seat, kind] of seats.entries())
        claims.add(
          idOf(n),
          { ...claim, kind },
          { session: session.id, seat: seat + 1, calendar: calendarId },
        );
      const gone = seats.filter((kind) => kind !== "expired").length;
      if (gone === 0) continue;
      stand.push(blockedBy(claim));
      if (!isElsewhere)
        sessions.push({ ...at, seatsLeft: capacity - gone, isBooked: seats.includes("appointment") });
    }
    for (const claim of specialist.claims)
      if (claims.add(idOf(n), claim) && claim.kind !== "expired") stand.push(blockedBy(claim));
    return { ...specialist, claims: stand, sessions };
  });

  const each = <T>(rows: (specialist: Case["specialists"][number], id: string) => T[]) =>
    given.specialists.flatMap((specialist, n) => rows(specialist, idOf(n)));
  const rows = {
    specialists: each(({ timezone, minutes }, id) => [{ id, timezone, minutes }]),
    calendars: [{ ...given.calendar, id: cast.calendarId }],
    weekly: each(({ weekly }, id) => asTimes(weekly, id)),
    own: [...asTimes(given.calendar.hours, null), ...each(({ own }, id) => asTimes(own, id))],
    overrides: each(({ overrides }, id) =>
      overrides.map(({ kind, startsOn, endsOn, hours }) => ({
        specialist: id,
        kind,
        starts_on: startsOn,
        ends_on: endsOn,
        starts: hours && time(hours.starts),
        ends: hours && time(hours.ends),
      })),
    ),
    zones: each(({ zones }, id) => zones.map((zone) => ({ specialist: id, ...zone }))),
    // Rooms that the case does not have are of a type that nobody needs.
    resources: cast.resourceIds.map((id, n) => ({ id, type: "none", isActive: true, ...resources[n] })),
    needs: calendar.needs.map(({ type, named }) => ({
      type,
      resource: named === null ? null : cast.resourceIds[named],
    })),
    claims: claims.rows,
    taken,
  };
  return { rows, specialists, calendar, sessionIds };
}

const blockedBy = ({ start, minutes, margin }: Claim) => ({
  from: start - margin * minute,
  to: start + (minutes + margin) * minute,
});

/** Rows of claims, as many as stand beside each other: the constraint would refuse the rest. */
class Claims {
  readonly rows: object[] = [];
  readonly #cast: Cast;
  readonly #now: number;
  readonly #blocked = new Map<string, { from: number; to: number }[]>();

  constructor(cast: Cast, now: number) {
    this.#cast = cast;
    this.#now = now;
  }

  add(
    specialist: string,
    claim: Claim,
    more: { kind?: "session"; capacity?: number; calendar?: string; session?: string; seat?: number } = {},
  ): { id: string; from: string; to: string } | undefined {
    const blocked = blockedBy(claim);
    const others = this.#blocked.get(specialist) ?? [];
    this.#blocked.set(specialist, others);
    if (!more.session) {
      if (others.some(({ from, to }) => from < blocked.to && to > blocked.from)) return undefined;
      others.push(blocked);
    }
    const isHold = claim.kind !== "appointment";
    const row = {
      id: randomUUID(),
      specialist,
      calendar: this.#cast.calendarId,
      kind: isHold ? "hold" : "appointment",
      starts: iso(claim.start),
      ends: iso(claim.start + claim.minutes * minute),
      from: iso(blocked.from),
      to: iso(blocked.to),
      expires: isHold ? iso(this.#now + (claim.kind === "hold" ? 1 : 0)) : null,
      ...more,
    };
    this.rows.push(row);
    return row;
  }
}

/** What the listing says: each start of each specialist, and how many seats are left at each start. */
export async function list(
  client: pg.Client,
  calendarId: string,
  from: number,
  to: number,
): Promise<{ slots: string[]; seats: Record<string, number> }> {
  const { rows } = await client.query({
    name: "list",
    text: `select extract(epoch from s.starts_at) * 1000 as start, extract(epoch from coalesce(who.ends_at, s.ends_at)) * 1000 as end,
             who.specialist, s.seats_left as seats
           from app_public.available_slots($1, $2, $3) as s
           cross join unnest(s.specialist_ids, s.specialist_ends_at) as who (specialist, ends_at)`,
    values: [calendarId, iso(from), iso(to)],
  });
  const slots = rows.map(({ start, end, specialist }) => slot(Number(start), Number(end), specialist)).sort();
  const withSeats = rows.filter(({ seats }) => seats !== null);
  return {
    slots,
    seats: Object.fromEntries(withSeats.map(({ start, seats }) => [iso(Number(start)), seats])),
  };
}

export const slot = (start: number, end: number, specialist: string) =>
  `${iso(start)} to ${iso(end)} ${specialist}`;
