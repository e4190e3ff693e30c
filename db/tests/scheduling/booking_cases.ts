/** Calendars, specialists and what becomes of them, made up by fast-check: what the listing and the oracle are asked about. */
import fc from "fast-check";
import { addDays, localDate, minute } from "./clocks.ts";
import type { Calendar, Hours, Override, Resource, Specialist } from "./oracle.ts";

// Zones whose clocks change forward and back, by an hour or half of one, north and south; and some that never do.
const zones = [
  "Europe/Bucharest",
  "Europe/Bucharest",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Pacific/Kiritimati",
];

// Around the nights on which clocks change in those zones.
const moments = [
  "2027-03-13",
  "2027-03-27",
  "2027-04-03",
  "2027-09-04",
  "2027-10-02",
  "2027-10-30",
  "2027-11-06",
];

type Kind = "appointment" | "hold" | "expired";
export type Claim = { start: number; minutes: number; margin: number; kind: Kind };
/** At one of the starts there would be if nobody had claimed anything; in the calendar that is asked about, or in another. */
type GivenSession = { pick: number; seats: Kind[]; capacity: number; isElsewhere: boolean };
export type Case = {
  now: number;
  calendar: Omit<Calendar, "resources"> & { resources: (Omit<Resource, "claims"> & { claims: Claim[] })[] };
  specialists: (Omit<Specialist, "claims" | "sessions"> & { claims: Claim[]; sessions: GivenSession[] })[];
  from: number;
  to: number;
  tries: Try[];
};

/** What may happen between two steps of a booking. */
const turns = [
  "nothing",
  "the specialist is closed",
  "the hours are gone",
  "the grid is another",
  "the notice is longer",
  "the calendar is off",
  "the calendar is private",
  "the service is off",
  "the specialist is off",
  "the specialist leaves the calendar",
  "the specialist gives up the service",
  "the clinic is a draft",
] as const;
export type Turn = { what: (typeof turns)[number]; minutes: number };
/**
 * Somebody who wants a start, and what happens until it is confirmed. One that is listed, one that would be without claims,
 * closings and rooms, one around now, or one anywhere.
 */
export type Try = {
  at: (typeof places)[number];
  pick: number;
  who: number;
  beforeBooking: Turn;
  beforeConfirming: Turn;
};
const places = ["listed", "idle", "now", "anywhere"] as const;

const minutesOfDay = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 95 }).map((n) => n * 15) },
  { weight: 1, arbitrary: fc.constantFrom(0, 5, 120, 180, 185, 210, 240, 1430) },
);
const endOfDay = fc.oneof(
  { weight: 3, arbitrary: minutesOfDay },
  { weight: 1, arbitrary: fc.constant(1440) },
);
// Hours of no length are refused when they are written (scheduling/hours).
const hasALength = ({ starts, ends }: { starts: number; ends: number }) => starts !== ends;
const range = fc.record({ starts: minutesOfDay, ends: endOfDay }).filter(hasALength);
const hours: fc.Arbitrary<Hours> = fc
  .record({ weekday: fc.integer({ min: 1, max: 7 }), starts: minutesOfDay, ends: endOfDay })
  .filter(hasALength);
const aroundTheClock: Hours[] = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, starts: 0, ends: 1440 }));
const weekly = fc.oneof(
  { weight: 5, arbitrary: fc.array(hours, { minLength: 2, maxLength: 14 }) },
  { weight: 2, arbitrary: fc.constant(aroundTheClock) },
);
const rarely = <T>(arbitrary: fc.Arbitrary<T[]>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary });

const kinds = fc.constantFrom<Kind>("appointment", "appointment", "hold", "expired");
const claim = fc.record({
  start: fc.integer({ min: -720, max: 4 * 1440 }),
  minutes: fc.constantFrom(1, 30, 60, 600),
  margin: fc.constantFrom(0, 0, 15),
  kind: kinds,
});
const types = ["room", "laser"];
const turn = fc.record({
  what: fc.constantFrom("nothing" as const, ...turns),
  minutes: fc.constantFrom(0, 0, 5, 9, 10.5, 12),
});

export const cases: fc.Arbitrary<Case> = fc
  .record({
    moment: fc.constantFrom(...moments),
    nowMinutes: fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
    fromMinutes: fc.integer({ min: -300, max: 2 * 1440 }),
    lengthMinutes: fc.integer({ min: 0, max: 5 * 1440 }),
    timezone: fc.constantFrom(...zones),
    minutes: fc.constantFrom(20, 30, 45, 50, 60, 90, 240, 1440),
    stepMinutes: fc.constantFrom(null, null, 10, 15, 25, 60, 700),
    beforeMinutes: fc.constantFrom(0, 0, 5, 30),
    afterMinutes: fc.constantFrom(0, 0, 10, 120),
    noticeMinutes: fc.constantFrom(0, 0, 0, 60, 1500),
    horizonDays: fc.constantFrom(0, 1, 3, 60, 60, 60),
    capacity: fc.constantFrom(1, 1, 2, 3),
    needs: fc.subarray(types),
    named: fc.constantFrom(null, null, 0, 1),
    resources: fc.array(
      fc.record({
        type: fc.constantFrom(...types),
        isActive: fc.constantFrom(true, true, true, false),
        claims: fc.array(claim, { maxLength: 5 }),
      }),
      { minLength: 3, maxLength: 6 },
    ),
    calendarHours: rarely(fc.array(hours, { minLength: 1, maxLength: 4 })),
    specialists: fc.array(
      fc.record({
        timezone: fc.constantFrom(...zones),
        weekly,
        own: rarely(fc.array(hours, { minLength: 1, maxLength: 4 })),
        overrides: fc.array(
          fc.record({
            kind: fc.constantFrom("closed" as const, "replace" as const, "extra" as const),
            startsOn: fc.integer({ min: -20, max: 8 }),
            days: fc.constantFrom(0, 0, 1, 3, 25),
            hours: fc.option(range, { freq: 3 }),
          }),
          { maxLength: 5 },
        ),
        minutes: fc.constantFrom(null, null, 30, 75),
        zones: rarely(
          fc.array(
            fc.record({
              timezone: fc.constantFrom(...zones),
              startsAfter: fc.integer({ min: 0, max: 12 }),
              days: fc.integer({ min: 1, max: 12 }),
            }),
            { minLength: 1, maxLength: 3 },
          ),
        ),
        claims: fc.array(claim, { minLength: 2, maxLength: 12 }),
        sessions: fc.array(
          fc.record({
            pick: fc.nat(100_000),
            seats: fc.array(kinds, { minLength: 1, maxLength: 3 }),
            capacity: fc.constantFrom(3, 4),
            isElsewhere: fc.constantFrom(false, false, false, true),
          }),
          { maxLength: 6 },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    tries: fc.array(
      fc.record({
        at: fc.constantFrom(...places),
        pick: fc.nat(100_000),
        who: fc.nat(2),
        beforeBooking: turn,
        beforeConfirming: turn,
      }),
      { minLength: 2, maxLength: 2 },
    ),
  })
  .map((raw) => {
    const now = Date.parse(`${raw.moment}T12:00:00Z`) + raw.nowMinutes * minute;
    const today = localDate(now, "UTC");
    const from = now + raw.fromMinutes * minute;
    const at = (claim: Claim): Claim => ({ ...claim, start: now + claim.start * minute });
    return {
      now,
      from,
      to: from + raw.lengthMinutes * minute,
      tries: raw.tries,
      calendar: {
        timezone: raw.timezone,
        minutes: raw.minutes,
        stepMinutes: raw.stepMinutes,
        beforeMinutes: raw.beforeMinutes,
        afterMinutes: raw.afterMinutes,
        noticeMinutes: raw.noticeMinutes,
        horizonDays: raw.horizonDays,
        hours: raw.calendarHours,
        capacity: raw.capacity,
        needs: raw.needs.map((type) => ({
          type,
          named: raw.named !== null && raw.resources[raw.named]?.type === type ? raw.named : null,
        })),
        resources: raw.resources.map((resource) => ({ ...resource, claims: resource.claims.map(at) })),
      },
      specialists: raw.specialists.map((specialist) => ({
        ...specialist,
        overrides: specialist.overrides.map(
          ({ kind, startsOn, days, hours }): Override => ({
            kind,
            startsOn: addDays(today, startsOn),
            endsOn: addDays(today, startsOn + days),
            hours: kind === "closed" ? hours : (hours ?? { starts: 600, ends: 900 }),
          }),
        ),
        zones: inTurn(addDays(today, -20), specialist.zones),
        claims: specialist.claims.map(at),
      })),
    };
  });

/** One zone after the other, so that no date has two. */
function inTurn(
  first: string,
  stays: { timezone: string; startsAfter: number; days: number }[],
): Specialist["zones"] {
  let free = first;
  return stays.map(({ timezone, startsAfter, days }) => {
    const startsOn = addDays(free, startsAfter);
    const endsOn = addDays(startsOn, days - 1);
    free = addDays(endsOn, 1);
    return { timezone, startsOn, endsOn };
  });
}
