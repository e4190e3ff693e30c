import type { LockArea } from "../lock_case.ts";

const when =
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2047-03-08T07:00:00Z", "endsAt": "2047-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}';
const report = "select app_private.record_message_status(null, 'smtp', 'mail 7', 'delivered', now())";
const toldGina = (clinic: string, email: string) =>
  `select app_private.notify(tests.id('${clinic}'), 'booking_request_received', '${when}'::jsonb || '{"respondBy": "2047-03-03T07:00:00Z"}', name => 'Gina', email => '${email}', calendar_uid => uuidv7())`;
/** A mail and a text message to carmen. */
export const tellCarmen = `select app_private.notify(tests.id('atlas'), 'appointment_booked', '${when}', patient_profile_id => tests.id('carmen'), calendar_uid => uuidv7())`;

/** Messages, their templates and what vendors say of them. FND-14, FND-15, FND-35, APT-08. */
export const messages: LockArea = {
  furniture: `
    select tests.remember('mail to ' || names.name, messages.id)
    from app_public.messages join tests.names on names.id = messages.patient_profile_id
    where messages.channel = 'email' and names.name in ('ana', 'dan');
    update app_public.messages set status = 'sent', sent_at = app_hidden.now(), vendor = 'smtp', vendor_id = 'mail 7'
    where id = tests.id('mail to dan')`,
  cases: [
    {
      lock: "app_private.claim_message: for update",
      as: "the worker",
      rows: "app_public.messages where id = tests.id('mail to ana')",
      call: "select app_private.claim_message(tests.id('mail to ana'))",
    },
    {
      lock: "app_private.claim_message: pg_advisory_xact_lock",
      as: "the worker",
      before: `
        ${tellCarmen}; ${tellCarmen};
        update app_public.messages set is_urgent = true where channel = 'sms' and patient_profile_id = tests.id('carmen');
        select tests.remember('text to carmen', (array_agg(id))[1]), tests.remember('another text to carmen', (array_agg(id))[2])
        from app_public.messages where channel = 'sms' and patient_profile_id = tests.id('carmen')`,
      key: "'cap:' || tests.id('atlas') || ':sms:+40722000111'",
      call: "select app_private.claim_message(tests.id('text to carmen'))",
      limit: {
        of: "app_private.claim_message: daily_cap",
        another: "select app_private.claim_message(tests.id('another text to carmen'))",
      },
    },
    {
      lock: "app_private.end_stuck_messages: for update of messages skip locked",
      as: "the worker",
      before: `
        select graphile_worker.add_jobs(array_agg(app_private.delivery_of(id, null)))
        from app_public.messages where status = 'queued' and channel = 'email';
        update graphile_worker._private_jobs set attempts = max_attempts where key like 'message:%'`,
      rows: "app_public.messages where id = tests.id('mail to ana')",
      leaves: "app_public.messages where status = 'queued' and channel = 'email'",
      call: "select app_private.end_stuck_messages()",
    },
    {
      lock: "app_private.queue_messages: pg_advisory_xact_lock",
      as: "the engine",
      key: "'told by visitors: gina@people.test'",
      call: toldGina("atlas", "gina@people.test"),
      limit: {
        of: "app_private.queue_messages: recipient_limit",
        another: toldGina("boreal", "gina+news@people.test"),
      },
    },
    {
      lock: "app_private.record_message_accepted: pg_advisory_xact_lock",
      as: "the worker",
      key: "'vendor id:mail 8'",
      call: "select app_private.record_message_accepted(tests.id('mail to ana'), null, 'smtp', 'mail 8')",
    },
    {
      lock: "app_private.record_message_status: pg_advisory_xact_lock",
      as: "the worker",
      key: "'vendor id:mail 7'",
      call: report,
    },
    {
      lock: "app_private.apply_message_reports: for update",
      as: "the worker",
      rows: "app_public.messages where id = tests.id('mail to dan')",
      call: report,
    },
    {
      lock: "app_private.add_clinic_template: pg_advisory_xact_lock",
      as: "olga",
      key: "concat_ws(':', 'clinic template', tests.id('atlas'), 'appointment_booked', 'email', 'ro')",
      call: "select app_public.edit_message_template(tests.id('atlas'), 'appointment_booked', 'email', 'ro', 'Ne vedem {{when}}.', 'Programare')",
    },
    {
      lock: "app_private.organizer_of: for update",
      as: "the worker",
      rows: "app_public.booking_requests where id = tests.id('request at atlas')",
      call: "select app_private.organizer_of(tests.id('atlas'), tests.id('request at atlas'), 'clinic@people.test')",
    },
    {
      lock: "app_private.organizer_of: for update (2)",
      as: "the worker",
      rows: "app_public.appointments where id = tests.id('bogdan''s appointment at atlas')",
      call: "select app_private.organizer_of(tests.id('atlas'), tests.id('bogdan''s appointment at atlas'), 'clinic@people.test')",
    },
  ],
};
