-- What a desk or a therapist sees as they open a patient. SCH-12, FND-08.
drop function if exists app_public.patient_chart_attendance(app_public.patient_chart);
drop function if exists app_public.patient_chart_next_appointments(app_public.patient_chart);
drop function if exists app_public.patient_chart_last_appointments(app_public.patient_chart);
drop function if exists app_public.patient_chart_missing(app_public.patient_chart);
drop function if exists app_public.patient_chart_plans(app_public.patient_chart);
drop function if exists app_public.patient_chart_booking_blocks(app_public.patient_chart);
drop function if exists app_public.patient_chart_requests(app_public.patient_chart);
drop function if exists app_public.patient_chart_signature_links(app_public.patient_chart);
drop type if exists app_public.chart_attendance;
drop type if exists app_public.chart_plan;
drop type if exists app_public.chart_block;
drop type if exists app_public.chart_request;
drop type if exists app_public.chart_link;

comment on type app_public.patient_chart is
  E'@foreignKey (patient_id) references app_public.patients (id)\n'
  'A patient at a clinic: the person, those who act for them, and the newest 200 appointments, newest first. What is asked beyond that '
  'is shown as the rows of it are: whoever may not see them finds nothing.';

create type app_public.chart_attendance as (visits int, no_shows int, late_cancellations int);
comment on type app_public.chart_attendance is 'How often the patient came to this clinic, and how often not.';
comment on column app_public.chart_attendance.visits is 'Appointments that took place.';
comment on column app_public.chart_attendance.no_shows is 'Appointments that they did not come to; excused ones are none.';
comment on column app_public.chart_attendance.late_cancellations is 'Appointments that were called off too late; excused ones are none.';

create type app_public.chart_plan as (
  patient_service_plan_id uuid,
  name text,
  is_open boolean,
  valid_until timestamptz,
  sessions_left int,
  sessions_given int
);
comment on type app_public.chart_plan is
  E'@foreignKey (patient_service_plan_id) references app_public.patient_service_plans (id)\nA plan of the patient that has not ended.';
comment on column app_public.chart_plan.name is 'What the clinic calls it.';
comment on column app_public.chart_plan.is_open is 'Whether it can be used now; not while its subscription awaits a payment.';
comment on column app_public.chart_plan.valid_until is E'@nullable\nWhen it ends; null where it does not end by itself.';
comment on column app_public.chart_plan.sessions_left is E'@nullable\nHow many sessions are left; null where it counts none.';
comment on column app_public.chart_plan.sessions_given is E'@nullable\nHow many it gives at a time; null where it counts none.';

create type app_public.chart_block as (booking_block_id uuid, reason text, until timestamptz, since timestamptz, is_contested boolean);
comment on type app_public.chart_block is
  E'@foreignKey (booking_block_id) references app_public.booking_blocks (id)\nA block that keeps the patient from booking by themselves now.';
comment on column app_public.chart_block.reason is 'Why; the patient reads it.';
comment on column app_public.chart_block.until is E'@nullable\nUntil when; null until it is lifted.';
comment on column app_public.chart_block.since is 'When it was decided.';
comment on column app_public.chart_block.is_contested is 'Whether the patient asked for another person to look at it, and nobody has.';

create type app_public.chart_request as (
  booking_request_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  service_name text,
  specialist_name text,
  respond_by timestamptz
);
comment on type app_public.chart_request is
  E'@foreignKey (booking_request_id) references app_public.booking_requests (id)\nA booking request of the patient that waits for an answer.';

create type app_public.chart_link as (
  signature_link_id uuid,
  form_id uuid,
  kind text,
  expires_at timestamptz,
  created_at timestamptz
);
comment on type app_public.chart_link is
  E'@foreignKey (signature_link_id) references app_public.signature_links (id)\n'
  '@foreignKey (form_id) references app_public.forms (id)\nA link or a kiosk at which the patient can sign now.';
comment on column app_public.chart_link.form_id is 'The form that is signed.';
comment on column app_public.chart_link.kind is '@words signature_links.kind';
comment on column app_public.chart_link.expires_at is 'Until when it may be used.';

