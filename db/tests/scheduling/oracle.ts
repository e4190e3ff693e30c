/**
 * The rules of availability once more, written to be read rather than to be fast, and sharing nothing with the
 * SQL: no ranges, no sets, no time zone arithmetic of PostgreSQL. What both say is taken to be right. SCH-05.
 */

export const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
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
export type Session = { start: number; end: number; seatsLeft: number };

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

/** Every start of the specialist in [from, to), with its end. */
export function freeStarts(
  calendar: Calendar,
  specialist: Specialist,
  now: number,
  from: number,
  to: number,
): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const length = minutesOf(calendar, specialist) * minute;
  for (const start of gridStarts(calendar, specialist, from, to)) {
    if (blockingRule(calendar, specialist, now, start) === undefined)
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
  const open = openWindows(calendar, specialist, start, start).some(
    (window) => window.from <= start && end <= window.to,
  );
  if (!open) return "outside_hours";
  if (closings(specialist, start).some(overlaps(start, end))) return "closed";
  if (!gridStarts(calendar, specialist, start, start + 1).includes(start)) return "off_the_grid";
  const blockedFrom = start - calendar.beforeMinutes * minute;
  const blockedTo = end + calendar.afterMinutes * minute;
  if (sessionAt(calendar, specialist, start)?.seatsLeft) return undefined;
  if (specialist.claims.some(overlaps(blockedFrom, blockedTo))) return "taken";
  const isMissing = ({ type, named }: Calendar["needs"][number]) =>
    !calendar.resources.some(
      (resource, n) =>
        resource.type === type &&
        resource.isActive &&
        (named === null || named === n) &&
        !resource.claims.some(overlaps(blockedFrom, blockedTo)),
    );
  if (calendar.needs.some(isMissing)) return "no_resource";
  return undefined;
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

/** Walks every window from its start, as the rule is told: no start is computed from where one looks. */
function gridStarts(calendar: Calendar, specialist: Specialist, from: number, to: number): number[] {
  const step = (calendar.stepMinutes ?? minutesOf(calendar, specialist)) * minute;
  const length = minutesOf(calendar, specialist) * minute;
  const starts: number[] = [];
  for (const window of openWindows(calendar, specialist, from, to)) {
    let restart = mondayFrom(window.from + week, specialist.timezone);
    for (let start = window.from; ; start += step) {
      if (start >= restart.at) {
        start = restart.at;
        restart = mondayOn(addDays(restart.date, 7), specialist.timezone);
      }
      if (start >= to || start + length > window.to) break;
      if (start >= from) starts.push(start);
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

/** Remembered by the dates that were asked about, or an example would take a second. */
const remembered = new WeakMap<Specialist, Map<string, Interval[]>>();

function openWindows(calendar: Calendar, specialist: Specialist, from: number, to: number): Interval[] {
  const first = localDate(from - 42 * day, "UTC");
  const last = localDate(to + 4 * day, "UTC");
  const known = remembered.get(specialist) ?? new Map<string, Interval[]>();
  remembered.set(specialist, known);
  const windows = known.get(first + last) ?? mergedHours(calendar, specialist, first, last);
  known.set(first + last, windows);
  return windows;
}

/** Hours of every date from six weeks before to a few days after, merged where they touch. */
function mergedHours(calendar: Calendar, specialist: Specialist, first: string, last: string): Interval[] {
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

function closings(specialist: Specialist, around: number): Interval[] {
  const found: Interval[] = [];
  for (const date of dates(localDate(around - 4 * day, "UTC"), localDate(around + 4 * day, "UTC"))) {
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

function* dates(first: string, last: string): Generator<string> {
  for (let date = first; date <= last; date = addDays(date, 1)) yield date;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function localDate(instant: number, timezone: string): string {
  return new Date(instant + offset(instant, timezone)).toISOString().slice(0, 10);
}

/**
 * Local time to instant: the last at which the clocks show it. A time that they skip is the instant of the change, found
 * by watching them minute by minute.
 */
function toInstant(date: string, minutes: number, timezone: string): number {
  const local = Date.parse(`${date}T00:00:00Z`) + minutes * minute;
  const shown = (instant: number) => instant + offset(instant, timezone);
  const candidates = [offset(local - day, timezone), offset(local + day, timezone)].map(
    (ahead) => local - ahead,
  );
  const real = candidates.filter((instant) => shown(instant) === local);
  if (real.length > 0) return Math.max(...real);
  let instant = Math.min(...candidates);
  while (shown(instant) < local) instant += minute;
  return instant;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** What the clocks of a zone are ahead of UTC, in milliseconds. */
function offset(instant: number, timezone: string): number {
  // Clocks change on the quarter of an hour at the finest.
  const quarter = Math.floor(instant / (15 * minute));
  const key = `${timezone} ${quarter}`;
  let known = offsets.get(key);
  if (known === undefined) {
    let format = formats.get(timezone);
    if (!format) {
      format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
      formats.set(timezone, format);
    }
    const name =
      format.formatToParts(quarter * 15 * minute).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    known = sign ? (sign === "-" ? -1 : 1) * (Number(hours) * hour + Number(minutes) * minute) : 0;
    offsets.set(key, known);
  }
  return known;
}
