const locales = { ro: "ro-RO", en: "en-GB" } as const;

export type Locale = keyof typeof locales;

/** An instant as people write it, on the clock of a place: "luni, 1 martie 2027, 09:00". */
export function writeMoment(instant: Date, timeZone: string, locale: Locale): string {
  const parts = new Intl.DateTimeFormat(locales[locale], {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((found) => found.type === type)?.value ?? "";
  return `${part("weekday")}, ${part("day")} ${part("month")} ${part("year")}, ${part("hour")}:${part("minute")}`;
}
