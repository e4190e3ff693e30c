/** Today by the calendar of a zone, as the API and fields of dates have it: `2027-03-28`. Whoever looks may be in another. */
export function todayIn(timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date());
}
