import type { LockArea } from "../lock_case.ts";

const anasAppointment = "app_public.appointments where id = tests.id('ana''s appointment at atlas')";
const carmensAppointment = "app_public.appointments where id = tests.id('carmen''s appointment at atlas')";
const ofAtlas =
  "app_public.appointments as a where a.organization_id = tests.id('atlas') and a.deleted_at is null";
const atlas = (change: string) =>
  `update app_public.organizations set ${change} where id = tests.id('atlas')`;

/** What the worker does to many appointments at once, by the time. APT-08. */
export const reminders: LockArea = {
  furniture: "",
  cases: [
    {
      lock: "app_private.record_no_shows: for no key update of appointments skip locked",
      as: "the worker",
      before: `${atlas("no_show_after_minutes = 15")};
        select tests.freeze_time(app_hidden.now() + interval '90 days')`,
      rows: anasAppointment,
      leaves: `${ofAtlas} and a.status in ('booked', 'upcoming', 'confirmed')`,
      call: "select app_private.record_no_shows()",
    },
    {
      // Within two days from noon of the day before are carmen's and elena's; ana's has been reminded of.
      lock: "app_private.remind_of_appointments: for no key update of appointments skip locked",
      as: "the worker",
      before: `${atlas("reminder_minutes = '{2880}', reminders_from = '00:00', reminders_until = '24:00'")};
        select tests.freeze_time(date_trunc('day', starts_at) - interval '12 hours') from ${carmensAppointment}`,
      rows: carmensAppointment,
      leaves: `${ofAtlas} and a.starts_at > app_hidden.now() and a.starts_at <= app_hidden.now() + interval '2 days'
        and not exists (select from app_private.appointment_reminders as r where r.appointment_id = a.id)`,
      call: "select app_private.remind_of_appointments()",
    },
  ],
};
