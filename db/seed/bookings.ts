import { type Calendar, type Clinic, type Hours, type Specialist, timezone } from "./data.ts";
import { addDays, instantAt, minutesOf, next, type Weekday, weekdayOf } from "./local_time.ts";
import type { Random } from "./random.ts";

/** A time that somebody has, or could have. */
export type Booking = {
  calendar: Calendar;
  specialist: string;
  date: string;
  startsAt: Date;
  endsAt: Date;
  blockedFrom: Date;
  blockedTo: Date;
};

const weeks = 4;

/**
 * Four weeks back and four ahead: full weeks behind us, fewer bookings the further ahead, so that every
 * calendar has times left. On each calendar's grid, inside its hours, and never two at once.
 */
export function planBookings(clinic: Clinic, today: string, random: Random): Booking[] {
  const planned: Booking[] = [];
  for (let ahead = -7 * weeks; ahead <= 7 * weeks; ahead++) {
    const date = addDays(today, ahead);
    for (const specialist of Object.keys(clinic.specialists)) {
      const candidates = possibleBookings(clinic, specialist, date, today);
      const open = new Set(candidates.flatMap(({ startsAt, endsAt }) => minutesBetween(startsAt, endsAt)));
      let room = open.size * fill(ahead);
      for (const booking of byShare(candidates, random)) {
        const length = (booking.blockedTo.getTime() - booking.blockedFrom.getTime()) / 60_000;
        if (length > room || planned.some((other) => overlap(other, booking))) continue;
        planned.push(booking);
        room -= length;
      }
    }
  }
  return planned.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

/** A time of a service that is still free, some days ahead. */
export function planOneMore(
  clinic: Clinic,
  service: string,
  taken: Booking[],
  today: string,
  random: Random,
): Booking {
  for (let ahead = 3; ahead < 14; ahead++) {
    const free = Object.keys(clinic.specialists)
      .flatMap((specialist) => possibleBookings(clinic, specialist, addDays(today, ahead), today))
      .filter(({ calendar }) => calendar.service === service && calendar.public !== false)
      .filter((booking) => !taken.some((other) => overlap(other, booking)));
    if (free.length > 0) return random.pick(free);
  }
  throw new Error(`${clinic.slug} has no time left for ${service}.`);
}

/** First and last date of an override: the files say "next monday", because today moves. */
export function datesOf(override: { from: string; days: number }, today: string): [string, string] {
  const first = next(override.from.slice("next ".length, "next ".length + 3) as Weekday, today);
  return [first, addDays(first, override.days - 1)];
}

function fill(ahead: number): number {
  if (ahead < 0) return 0.6;
  if (ahead < 3) return 0.5;
  return ahead < 14 ? 0.35 : 0.2;
}

function possibleBookings(clinic: Clinic, key: string, date: string, today: string): Booking[] {
  const specialist = clinic.specialists[key] as Specialist;
  return clinic.calendars
    .filter(({ specialists }) => specialists.includes(key))
    .flatMap((calendar) => {
      const minutes = clinic.services[calendar.service]?.minutes as number;
      const step = calendar.step ?? minutes;
      return windows(calendar.hours ?? specialist.hours, specialist, date, today).flatMap(
        ([opens, closes]) => {
          const starts = Array.from(
            { length: (closes - opens) / step + 1 },
            (_, place) => opens + place * step,
          );
          return starts
            .filter((start) => start + minutes <= closes)
            .map((start) => ({
              calendar,
              specialist: key,
              date,
              startsAt: instantAt(date, start, timezone),
              endsAt: instantAt(date, start + minutes, timezone),
              blockedFrom: instantAt(date, start - (calendar.buffer_before ?? 0), timezone),
              blockedTo: instantAt(date, start + minutes + (calendar.buffer_after ?? 0), timezone),
            }));
        },
      );
    });
}

function windows(hours: Hours, specialist: Specialist, date: string, today: string): [number, number][] {
  const overrides = (specialist.overrides ?? []).filter((override) => {
    const [first, last] = datesOf(override, today);
    return first <= date && date <= last;
  });
  if (overrides.some(({ kind }) => kind === "closed")) return [];
  return [hours[weekdayOf(date)], ...overrides.map((override) => override.hours)]
    .flatMap((text) => text?.split(" ") ?? [])
    .map((window) => window.split("-").map(minutesOf) as [number, number]);
}

/** In an order by chance in which calendars with a greater share come earlier (Efraimidis and Spirakis, 2006). */
function byShare(bookings: Booking[], random: Random): Booking[] {
  return bookings
    .map((booking) => ({ booking, rank: random.between(0, 1) ** (1 / booking.calendar.share) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ booking }) => booking);
}

function minutesBetween(from: Date, to: Date): number[] {
  const first = from.getTime() / 60_000;
  return Array.from({ length: to.getTime() / 60_000 - first }, (_, minute) => first + minute);
}

function overlap(a: Booking, b: Booking): boolean {
  return a.specialist === b.specialist && a.blockedFrom < b.blockedTo && b.blockedFrom < a.blockedTo;
}
