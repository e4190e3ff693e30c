import type { Hours } from "./data.ts";
import { weekdays } from "./local_time.ts";

/** Weekly hours as the database has them: a row for each window. */
export function windowsOf(hours: Hours): { weekday: number; starts: string; ends: string }[] {
  return Object.entries(hours).flatMap(([name, text]) =>
    text.split(" ").map((window) => {
      const [starts, ends] = window.split("-") as [string, string];
      return { weekday: weekdays.indexOf(name as (typeof weekdays)[number]) + 1, starts, ends };
    }),
  );
}
