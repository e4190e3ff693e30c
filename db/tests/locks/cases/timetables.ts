import type { LockArea } from "../lock_case.ts";

const mara = "app_public.specialists where id = tests.id('mara')";
const feed = "select app_public.create_calendar_feed(tests.id('mara'))";

/** The hours of a specialist, and the addresses of their calendar. SCH-01, APT-08. */
export const timetables: LockArea = {
  furniture: "",
  cases: [
    {
      lock: "app_private.lock_schedule: for no key update",
      as: "adrian",
      rows: mara,
      call: "select app_public.set_weekly_hours(tests.id('mara'), '{}', true)",
    },
    {
      lock: "app_public.create_calendar_feed: app_private.require_specialist",
      as: "adrian",
      rows: mara,
      call: feed,
    },
    {
      lock: "app_public.create_calendar_feed: pg_advisory_xact_lock",
      as: "adrian",
      key: "'calendar feeds of ' || tests.id('mara')",
      call: feed,
      limit: {
        of: "app_public.create_calendar_feed: too_many_feeds",
        another: "select app_public.create_calendar_feed(tests.id('mara'), true)",
      },
    },
  ],
};
