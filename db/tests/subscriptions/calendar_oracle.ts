/** A civil day. */
export type Day = { year: number; month: number; day: number };

/**
 * Billing periods as the decision words them (0176), computed without the database: its own arithmetic of months, and the time zone
 * rules of ICU rather than those of PostgreSQL.
 */

/** The day on which the month of this number begins, counted from 0 at the anchor: its day, or the last of a month that is too short. */
export function monthBegins(anchor: Day, number: number): Day {
  const months = anchor.year * 12 + (anchor.month - 1) + number;
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  return { year, month, day: Math.min(anchor.day, daysIn(year, month)) };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The first instant at which the clocks of a zone show this day, in milliseconds: looked for among all minutes of two days. */
export function dayStarts({ year, month, day }: Day, timeZone: string): number {
  const shown = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const wanted = [String(year).padStart(4, "0"), two(month), two(day)].join("-");
  const isOfIt = (at: number) => shown.format(at) >= wanted;
  let before = Date.UTC(year, month - 1, day) - 26 * HOUR;
  let after = Date.UTC(year, month - 1, day) + 26 * HOUR;
  // The day shown never goes back by a change of clocks at midnight but at the one that is looked for: a quarter of an hour at a time, then by the minute.
  while (!isOfIt(before + QUARTER)) before += QUARTER;
  for (after = before; !isOfIt(after); after += MINUTE);
  return after;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const two = (number: number) => String(number).padStart(2, "0");
