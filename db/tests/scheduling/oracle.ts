/**
 * The rules of availability once more, written to be read rather than to be fast, and sharing nothing with the
 * SQL: no ranges, no sets, no time zone arithmetic of PostgreSQL. What both say is taken to be right. SCH-05.
 */

import { addDays, dates, day, localDate, minute, toInstant, weekdayOf } from "./clocks.ts";

const week = 7 * day;

/** Minutes since local midnight; an end at or before the start is on the next day. Weekdays are ISO. */
export type Hours = { weekday: number; starts: number; ends: number };

export type Override = {
  kind: "closed" | "replace" | "extra";
  /** Local dates, both inclusive. */
  startsOn: string;
  endsOn: string;
  hours: { starts: number; ends: number } | null;
};

/** Instants in milliseconds; what a claim blocks, cooldown included. */
export type Blocked = { from: number; to: number };

/** A group session: who joins takes nothing of the specialist's time. */
export type Session = { start: number; end: number; seatsLeft: number; isBooked: boolean };

/** Local dates, both inclusive, on which a specialist is on other clocks. */
export type DatedZone = { timezone: string; startsOn: string; endsOn: string };

/** A room or a device, and when others have it. */
export type Resource = { type: string; isActive: boolean; claims: Blocked[] };

export type Specialist = {
  timezone: string;
  zones: DatedZone[];
  weekly: Hours[];
  /** Own hours in the calendar. */
  own: Hours[];
  overrides: Override[];
  minutes: number | null;
  /** Those of sessions among them. */
  claims: Blocked[];
  /** Those of this calendar. */
  sessions: Session[];
};

export type Calendar = {
  timezone: string;
  minutes: number;
  stepMinutes: number | null;
  beforeMinutes: number;
  afterMinutes: number;
  noticeMinutes: number;
  horizonDays: number;
  hours: Hours[];
  capacity: number;
  /** What a booking needs: one of a type, or the one named by its place in the list. */
  needs: { type: string; named: number | null }[];
  resources: Resource[];
};

type Interval = { from: number; to: number };

/** Every start of the specialist in [from, to), with its end: each minute is asked about. */
export function freeStarts(
  calendar: Calendar,
  specialist: Specialist,
  now: number,
  from: number,
  to: number,
): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const length = minutesOf(calendar, specialist) * minute;
  const { starts } = timetable(calendar, specialist, from, to);
  for (let start = Math.ceil(from / minute) * minute; start < to; start += minute) {
    // Most minutes are none of the grid, and need no other reason.
    if (starts.has(start) && blockingRule(calendar, specialist, now, start) === undefined)
      found.push({ start, end: start + length });
  }
  return found;
}

/** The first rule that keeps the start from being booked. What was asked for earlier keeps the notice of that time. */
export function blockingRule(
  calendar: Calendar,
  specialist: Specialist,
  now: number,
  start: number,
  askedAt = now,
): string | undefined {
  const end = start + minutesOf(calendar, specialist) * minute;
  const overlaps = (from: number, to: number) => (other: Interval) => other.from < to && other.to > from;

  if (start < now) return "in_the_past";
  if (start < askedAt + calendar.noticeMinutes * minute) return "inside_notice";
  if (
    localDate(start, calendar.timezone) > addDays(localDate(now, calendar.timezone), calendar.horizonDays)
  ) {
    return "beyond_horizon";
  }
  const { windows, starts, closed } = timetable(calendar, specialist, start, start + 1);
  if (!windows.some((window) => window.from <= start && end <= window.to)) return "outside_hours";
  if (closed.some(overlaps(start, end))) return "closed";
  if (!starts.has(start)) return "off_the_grid";
  const blockedFrom = start - calendar.beforeMinutes * minute;
  const blockedTo = end + calendar.afterMinutes * minute;
  if (sessionAt(calendar, specialist, start)?.seatsLeft) return undefined;
  if (specialist.claims.some(overlaps(blockedFrom, blockedTo))) return "taken";
  if (needsMore(calendar, blockedFrom, blockedTo)) return "no_resource";
  return undefined;
}

function needsMore(calendar: Calendar, from: number, to: number): boolean {
  const isFree = ({ isActive, claims }: Resource) =>
    isActive && !claims.some((other) => other.from < to && other.to > from);
  return calendar.needs.some(
    ({ type, named }) =>
      !calendar.resources.some(
        (resource, n) => resource.type === type && (named === null || named === n) && isFree(resource),
      ),
  );
}

/** Whoever comes late to a session that is gone opens it again, and needs what it may never have had. */
export function opensWithout(calendar: Calendar, specialist: Specialist, start: number): boolean {
  const session = sessionAt(calendar, specialist, start);
  if (!session || session.isBooked) return false;
  return needsMore(
    calendar,
    start - calendar.beforeMinutes * minute,
    session.end + calendar.afterMinutes * minute,
  );
}

function sessionAt(calendar: Calendar, specialist: Specialist, start: number): Session | undefined {
  if (calendar.capacity === 1) return undefined;
  const end = start + minutesOf(calendar, specialist) * minute;
  return specialist.sessions.find((session) => session.start === start && session.end === end);
}

/** How many can be booked with a specialist at a start that is free. */
export function seatsLeft(calendar: Calendar, specialist: Specialist, start: number): number {
  return sessionAt(calendar, specialist, start)?.seatsLeft ?? calendar.capacity;
}

function minutesOf(calendar: Calendar, specialist: Specialist): number {
  return specialist.minutes ?? calendar.minutes;
}

type Timetable = {
  from: number;
  to: number;
  windows: Interval[];
  starts: Set<number>;
  closed: Interval[];
};

/** Remembered by what they are of, each compared by identity: an example asks for the same a thousand times. */
const remembered = new WeakMap<Hours[], { of: unknown[]; timetable: Timetable }[]>();

/** Hours, grid and closings of a specialist in a calendar, around what is asked for. */
function timetable(calendar: Calendar, specialist: Specialist, from: number, to: number): Timetable {
  const { timezone, zones, weekly, own, overrides } = specialist;
  const of: unknown[] = [timezone, zones, own, overrides, minutesOf(calendar, specialist)];
  of.push(calendar.timezone, calendar.hours, calendar.stepMinutes);
  const known = remembered.get(weekly) ?? [];
  remembered.set(weekly, known);
  const isSame = (entry: { of: unknown[]; timetable: Timetable }) =>
    entry.of.every((part, n) => part === of[n]) && entry.timetable.from <= from && to <= entry.timetable.to;
  const found = known.find(isSame)?.timetable;
  if (found) return found;
  const within = { from: from - day, to: to + day };
  const windows = mergedHours(calendar, specialist, within.from, within.to);
  const starts = gridStarts(calendar, specialist, windows, within);
  const made = { ...within, windows, starts, closed: closings(specialist, within) };
  known.push({ of, timetable: made });
  return made;
}

/** Walks every window from its start, as the rule is told: no start is computed from where one looks. */
function gridStarts(
  calendar: Calendar,
  specialist: Specialist,
  windows: Interval[],
  { from, to }: Interval,
): Set<number> {
  const step = (calendar.stepMinutes ?? minutesOf(calendar, specialist)) * minute;
  const length = minutesOf(calendar, specialist) * minute;
  const starts = new Set<number>();
  for (const window of windows) {
    let restart = mondayFrom(window.from + week, specialist.timezone);
    for (let start = window.from; ; start += step) {
      if (start >= restart.at) {
        start = restart.at;
        restart = mondayOn(addDays(restart.date, 7), specialist.timezone);
      }
      if (start >= to || start + length > window.to) break;
      if (start >= from) starts.add(start);
    }
  }
  return starts;
}

/** A window longer than a week begins a new grid on the first Monday a week after its start, and on each one after. */
function mondayFrom(instant: number, timezone: string): { date: string; at: number } {
  for (let date = addDays(localDate(instant, timezone), -1); ; date = addDays(date, 1)) {
    if (weekdayOf(date) === 1 && toInstant(date, 0, timezone) >= instant) return mondayOn(date, timezone);
  }
}

function mondayOn(date: string, timezone: string): { date: string; at: number } {
  return { date, at: toInstant(date, 0, timezone) };
}

/** Hours of every date from six weeks before to a few days after, merged where they touch. */
function mergedHours(calendar: Calendar, specialist: Specialist, from: number, to: number): Interval[] {
  const first = localDate(from - 42 * day, "UTC");
  const last = localDate(to + 4 * day, "UTC");
  const [hours, timezone] =
    specialist.own.length > 0
      ? [specialist.own, calendar.timezone]
      : calendar.hours.length > 0
        ? [calendar.hours, calendar.timezone]
        : [specialist.weekly, undefined];

  const pieces: Interval[] = [];
  const add = (date: string, { starts, ends }: { starts: number; ends: number }, zone: string) => {
    const piece = onDate(date, starts, ends, zone);
    if (piece.from < piece.to) pieces.push(piece);
  };
  for (const date of dates(first, last)) {
    const overrides = specialist.overrides.filter(
      ({ startsOn, endsOn }) => startsOn <= date && date <= endsOn,
    );
    const replaced = overrides.filter(({ kind }) => kind === "replace");
    if (replaced.length === 0) {
      for (const range of hours)
        if (range.weekday === weekdayOf(date)) add(date, range, timezone ?? zoneOn(specialist, date));
    }
    for (const override of overrides) {
      if (override.kind !== "closed" && override.hours) add(date, override.hours, zoneOn(specialist, date));
    }
  }

  const windows: Interval[] = [];
  for (const piece of pieces.sort((a, b) => a.from - b.from)) {
    const last = windows.at(-1);
    if (last && piece.from <= last.to) last.to = Math.max(last.to, piece.to);
    else windows.push({ ...piece });
  }
  return windows;
}

function closings(specialist: Specialist, { from, to }: Interval): Interval[] {
  const found: Interval[] = [];
  for (const date of dates(localDate(from - 4 * day, "UTC"), localDate(to + 4 * day, "UTC"))) {
    for (const { kind, startsOn, endsOn, hours } of specialist.overrides) {
      if (kind !== "closed" || date < startsOn || endsOn < date) continue;
      found.push(onDate(date, hours?.starts ?? 0, hours?.ends ?? 1440, zoneOn(specialist, date)));
    }
  }
  return found.filter(({ from, to }) => from < to);
}

function onDate(date: string, starts: number, ends: number, timezone: string): Interval {
  const endDate = ends <= starts ? addDays(date, 1) : date;
  return { from: toInstant(date, starts, timezone), to: toInstant(endDate, ends, timezone) };
}

function zoneOn({ timezone, zones }: Specialist, date: string): string {
  return zones.find(({ startsOn, endsOn }) => startsOn <= date && date <= endsOn)?.timezone ?? timezone;
}
