import { Refusal } from "../runtime/refusal.ts";

/** Years that every calendar we speak to can write. */
const FIRST_INSTANT = Date.UTC(2000, 0, 1) - 730_119 * 86_400_000;
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const datePart = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantParts =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?([Zz]|[+-]\d{2}(?::?\d{2})?)$/;
const timeParts = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?$/;

/**
 * An instant as it was written (RFC 3339, seconds may be missing). It needs its offset or Z: without one the database
 * would read it as UTC, hours away from what a clinic meant, and it would take `tomorrow` and `infinity` as well.
 * VALIDATION otherwise, without the value (FND-29).
 */
export function readInstant(value: unknown): string {
  const [, date, hours, minutes, seconds = "00", offset = ""] =
    (typeof value === "string" && instantParts.exec(value)) || [];
  const [, sign, offsetHours = "00", offsetMinutes = "00"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  if (!date || !isDate(date) || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    throw invalidInstant();
  }
  // PostgreSQL reads offsets of up to 15:59.
  if (Number(offsetHours) > 15 || Number(offsetMinutes) > 59) throw invalidInstant();
  const shift =
    (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === "-" ? 1 : sign === "+" ? -1 : 0);
  const at = Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`) + shift;
  if (at < FIRST_INSTANT || at > LAST_INSTANT) throw invalidInstant();
  return value as string;
}

export function isInstant(value: unknown): boolean {
  try {
    readInstant(value);
    return true;
  } catch {
    return false;
  }
}

/** A day of the calendar, YYYY-MM-DD, in the years 0001 to 9999; VALIDATION for `today`, `infinity` and the like. */
export function readDate(value: unknown): string {
  if (typeof value === "string" && datePart.test(value) && isDate(value)) return value;
  throw invalid("date_invalid", "Date");
}

/** A time of day, HH:MM or HH:MM:SS, to 24:00 as the end of a day; VALIDATION for `now`, `allballs` and the like. */
export function readTime(value: unknown): string {
  const [, hours, minutes, seconds = "00"] = (typeof value === "string" && timeParts.exec(value)) || [];
  const isTime = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
  if (isTime || /^24:00(:00(\.0+)?)?$/.test(String(value))) return value as string;
  throw invalid("time_invalid", "LocalTime");
}

function invalidInstant(): Refusal {
  return invalid("instant_invalid", "Datetime");
}

function invalid(reason: string, scalar: string): Refusal {
  return new Refusal("VALIDATION", reason, { scalar });
}

function isDate(text: string): boolean {
  const [, year, month, day] = datePart.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day || month > 12) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}
