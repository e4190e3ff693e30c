import { type Language, locales } from "../components/language.ts";

/** Where a clinic has said nothing about its bills yet. */
export const ZONE = "Europe/Bucharest";

/** A day of the calendar as people write it. It is the same day in every zone: the API says it in that of the clinic's bills. */
export function dayIn(day: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeZone: "UTC" }).format(
    noon(day),
  );
}

/** From the first day to the last of a period, which the API gives half-open: its end is the day after. */
export function daysIn(startsOn: string, endsOn: string, language: Language): string {
  const last = noon(endsOn);
  last.setUTCDate(last.getUTCDate() - 1);
  return new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeZone: "UTC" }).formatRange(
    noon(startsOn),
    last,
  );
}

/** The day on which something happened, by the calendar of a zone. */
export function dayOfMoment(moment: string, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeZone }).format(
    new Date(moment),
  );
}

/** The same with its time. */
export function momentIn(moment: string, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  }).format(new Date(moment));
}

function noon(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}
