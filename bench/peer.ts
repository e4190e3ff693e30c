import type pg from "pg";
import { asSent } from "./row.ts";

/**
 * How a booking system usually lists slots: fetch hours, days off and bookings, and walk days, hours and bookings in
 * the server's language, with the zone's offsets cached. Written fairly (no library, bookings sorted once, one pass a
 * specialist), it is the peer that our listing is measured against. It knows no overrides but days off, no windows
 * across midnight and no calendar hours, so it does less than ours.
 */
export async function listSlots(
  client: pg.Client,
  calendarId: string,
  from: Date,
  to: Date,
): Promise<{ start: number; localStart: string; specialistIds: string[] }[]> {
  const read = async (text: string, values: unknown[]) =>
    (await client.query({ name: `peer ${text.length} ${text.slice(0, 30)}`, text, values, types: asSent }))
      .rows;
  const [calendar] = await read(
    `select c.*, coalesce(c.duration_minutes, s.duration_minutes) as minutes
     from app_public.calendars as c join app_public.services as s on s.id = c.service_id where c.id = $1`,
    [calendarId],
  );
  const specialists = await read(
    `select sp.id, sp.scheduling_timezone from app_public.calendar_specialists as cs
     join app_public.specialists as sp on sp.id = cs.specialist_id and sp.organization_id = cs.organization_id
     where cs.calendar_id = $1 and cs.organization_id = $2 and sp.scheduling_active and sp.deleted_at is null`,
    [calendarId, calendar.organization_id],
  );
  const ids = specialists.map(({ id }) => id);
  const hours = await read(
    "select specialist_id, weekday, starts, ends from app_public.specialist_weekly_hours where organization_id = $1 and specialist_id = any($2)",
    [calendar.organization_id, ids],
  );
  const closings = await read(
    "select specialist_id, starts_on, ends_on from app_public.specialist_schedule_overrides where organization_id = $1 and specialist_id = any($2) and kind = 'closed'",
    [calendar.organization_id, ids],
  );
  const busy = await read(
    `select specialist_id, extract(epoch from lower(blocked)) * 1000 as start, extract(epoch from upper(blocked)) * 1000 as end
     from app_private.time_claims
     where specialist_id = any($1) and blocked && tstzrange($2, $3) and released_at is null
       and (expires_at is null or expires_at > now())`,
    [ids, from, to],
  );

  const length = Number(calendar.minutes) * 60_000;
  const step = Number(calendar.step_minutes ?? calendar.minutes) * 60_000;
  const after = Number(calendar.buffer_after_minutes) * 60_000;
  const before = Number(calendar.buffer_before_minutes) * 60_000;
  const slots = new Map<number, string[]>();
  for (const { id, scheduling_timezone: timezone } of specialists) {
    const own = busy
      .filter(({ specialist_id }) => specialist_id === id)
      .map(({ start, end }) => ({ start: Number(start), end: Number(end) }))
      .sort((a, b) => a.start - b.start);
    const off = closings.filter(({ specialist_id }) => specialist_id === id);
    const weekly = hours.filter(({ specialist_id }) => specialist_id === id);
    for (let date = from.getTime() - 86_400_000; date < to.getTime() + 86_400_000; date += 86_400_000) {
      const day = new Date(date).toISOString().slice(0, 10);
      if (off.some(({ starts_on, ends_on }) => starts_on <= day && day <= ends_on)) continue;
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
      for (const { weekday: on, starts, ends } of weekly) {
        if (Number(on) !== weekday) continue;
        const closes = toInstant(day, ends, timezone);
        for (let start = toInstant(day, starts, timezone); start + length <= closes; start += step) {
          if (start < from.getTime() || start >= to.getTime() || start < Date.now()) continue;
          const taken = own.some(
            (claim) => claim.start < start + length + after && claim.end > start - before,
          );
          if (taken) continue;
          const at = slots.get(start);
          if (at) at.push(id);
          else slots.set(start, [id]);
        }
      }
    }
  }
  return [...slots]
    .sort(([a], [b]) => a - b)
    .map(([start, ids]) => ({
      start,
      localStart: localTime(start, calendar.timezone),
      specialistIds: ids.sort(),
    }));
}

function localTime(start: number, timezone: string): string {
  const shift = offset(start, timezone);
  const minutes = Math.abs(shift) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const local = new Date(start + shift).toISOString().slice(0, 19);
  return `${local}${shift < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

function toInstant(day: string, time: string, timezone: string): number {
  const local = Date.parse(`${day}T${time}Z`);
  return local - offset(local, timezone);
}

function offset(instant: number, timezone: string): number {
  const key = `${timezone} ${Math.floor(instant / 3_600_000)}`;
  let known = offsets.get(key);
  if (known === undefined) {
    let format = formats.get(timezone);
    if (!format) {
      format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
      formats.set(timezone, format);
    }
    const name = format.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    known = sign ? (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
    offsets.set(key, known);
  }
  return known;
}
