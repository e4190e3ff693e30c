import { type Language, locales } from "../components/language.ts";

/** A day on the clinic's clocks, 2026-12-03, and a month of them, 2026-12. Neither is ever turned into an instant. */
export type Day = string;
export type Month = string;

const dayMs = 24 * 60 * 60_000;
const noon = (day: Day): Date => new Date(`${day}T12:00:00Z`);

/** The day and the clock of a start, as the clinic's clocks show them: the API says both. */
export const dayOf = ({ localStart }: { localStart: string }): Day => localStart.slice(0, 10);
export const clockOf = ({ localStart }: { localStart: string }): string => localStart.slice(11, 16);
export const monthOf = (day: Day): Month => day.slice(0, 7);

export function addMonths(month: Month, count: number): Month {
  const first = noon(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() + count);
  return first.toISOString().slice(0, 7);
}

/** The days of a month, and how many places stay empty before the first in a week that begins on Monday. */
export function daysIn(month: Month): { blank: number; days: Day[] } {
  const first = noon(`${month}-01`);
  const days: Day[] = [];
  for (const at = new Date(first); monthOf(at.toISOString()) === month; at.setUTCDate(at.getUTCDate() + 1))
    days.push(at.toISOString().slice(0, 10));
  return { blank: (first.getUTCDay() + 6) % 7, days };
}

/** A window that holds a whole day of any zone: what starts on another day on the clinic's clocks is left out afterwards. */
export function windowAround(day: Day): { from: Date; to: Date } {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return { from: new Date(midnight - 14 * 60 * 60_000), to: new Date(midnight + 36 * 60 * 60_000) };
}

/** The days around an instant in which something near is looked for; none of them is over. */
export function windowNear(startsAt: string, now: number): { from: Date; to: Date } {
  const at = Math.max(Date.parse(startsAt), now);
  return { from: new Date(Math.max(at - dayMs, now)), to: new Date(at + 7 * dayMs) };
}

/** The starts that lie nearest to one, in their order. */
export function nearest<T extends { startsAt: string }>(
  slots: readonly T[],
  startsAt: string,
  count: number,
): T[] {
  const distance = (slot: T): number => Math.abs(Date.parse(slot.startsAt) - Date.parse(startsAt));
  return slots
    .filter((slot) => Date.parse(slot.startsAt) !== Date.parse(startsAt))
    .sort((one, other) => distance(one) - distance(other))
    .slice(0, count)
    .sort((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt));
}

/** An instant as the clocks of a zone show it, as the API writes localStart. */
export function localIn(zone: string, startsAt: string): { localStart: string } {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(new Date(startsAt));
  return { localStart: parts.replace(" ", "T") };
}

/** The clocks of whoever looks, where they show another time than the clinic's do then; else null. */
export function ownClock(zone: string, startsAt: string, language: Language, own?: string): string | null {
  const mine = own ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [here, there] = [localIn(mine, startsAt), localIn(zone, startsAt)];
  if (here.localStart === there.localStart) return null;
  return dayOf(here) === dayOf(there) ? clockOf(here) : `${dayText(dayOf(here), language)}, ${clockOf(here)}`;
}

const formats = {
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  weekday: { weekday: "short" },
  weekdayName: { weekday: "long" },
} as const;
const text = (day: Day, language: Language, format: keyof typeof formats): string =>
  new Intl.DateTimeFormat(locales[language], { timeZone: "UTC", ...formats[format] }).format(noon(day));

export const dayText = (day: Day, language: Language): string => text(day, language, "day");
export const monthText = (month: Month, language: Language): string => text(`${month}-01`, language, "month");

/** A day of the week, from 1 for Monday, by its name. */
export const dayTextOfWeek = (number: number, language: Language): string =>
  text(`2026-06-0${number}`, language, "weekdayName");

/** Monday to Sunday, in short. */
export const weekdays = (language: Language): string[] =>
  Array.from({ length: 7 }, (_, index) => text(`2026-06-0${index + 1}`, language, "weekday"));

/** What is left until an instant, as minutes and seconds; never less than nothing. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
