import type { LockArea } from "../lock_case.ts";

const visit = "tests.id('visit of gina')";
const calendar = `app_public.calendars where id = (select calendar_id from app_public.appointments where id = ${visit})`;

/** What a guest does behind the link of a booking. APT-05, APT-09. */
export const guestBookings: LockArea = {
  furniture: `
    select tests.patient('gina', 'atlas', account => false);
    select tests.booking_request('request of gina', 'busy', 'luca', date_trunc('day', app_hidden.now()) + interval '3 days 9 hours');
    update app_public.booking_requests set token_hash = extensions.digest('token of gina', 'sha256'), status = 'confirmed'
    where id = tests.id('request of gina');
    select tests.appointment('visit of gina', 'gina', 'busy', 'luca',
      date_trunc('day', app_hidden.now()) + interval '3 days 15 hours', booking_request => 'request of gina')`,
  cases: [
    {
      lock: "app_public.move_booking: app_private.lock_to_book",
      as: "a visitor",
      rows: calendar,
      call: "select app_public.move_booking('token of gina', tests.start_of_kept())",
    },
  ],
};
