/** Dates and clocks of the oracle: arithmetic of its own, which asks PostgreSQL nothing. Offsets are those of Node's zones. */

export const minute = 60_000;
const hour = 60 * minute;
export const day = 24 * hour;

export function* dates(first: string, last: string): Generator<string> {
  for (let date = first; date <= last; date = addDays(date, 1)) yield date;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function localDate(instant: number, timezone: string): string {
  return new Date(instant + offset(instant, timezone)).toISOString().slice(0, 10);
}

/** Remembered across examples, which lie around the same few nights. */
const instants = new Map<string, number>();

export function toInstant(date: string, minutes: number, timezone: string): number {
  const key = `${date} ${minutes} ${timezone}`;
  const instant = instants.get(key) ?? instantOf(date, minutes, timezone);
  instants.set(key, instant);
  return instant;
}

/**
 * Local time to instant: the last at which the clocks show it. A time that they skip is the instant of the change, found
 * by watching them minute by minute.
 */
function instantOf(date: string, minutes: number, timezone: string): number {
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
