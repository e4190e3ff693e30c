const minute = 60_000;
const day = 24 * 60 * minute;

/** The instant at which clocks in the zone show this date (2027-03-29) and minute of the day. */
export function instantAt(date: string, minutes: number, zone: string): Date {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * minute;
  // The offset may change between the two instants; clinics are closed in the hour where that matters.
  const near = asUtc - offset(asUtc, zone);
  return new Date(asUtc - offset(near, zone));
}

/** The date that calendars in the zone show. */
export function dateAt(at: Date, zone: string): string {
  return new Date(at.getTime() + offset(at.getTime(), zone)).toISOString().slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

export function weekdayOf(date: string): Weekday {
  return weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] as Weekday;
}

/** The first such weekday after the date. */
export function next(weekday: Weekday, after: string): string {
  const days = [1, 2, 3, 4, 5, 6, 7].find((ahead) => weekdayOf(addDays(after, ahead)) === weekday);
  return addDays(after, days as number);
}

/** Minutes of "09:30". */
export function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number) as [number, number];
  return hours * 60 + minutes;
}

const formats = new Map<string, Intl.DateTimeFormat>(); // making one costs more than a thousand uses

function offset(at: number, zone: string): number {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  formats.set(zone, format);
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minute;
}
