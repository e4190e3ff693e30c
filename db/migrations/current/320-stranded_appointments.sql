-- Whom a change of hours would strand. SCH-08.
drop function if exists app_public.stranded_appointments(uuid);
drop function if exists app_public.set_weekly_hours(uuid, app_public.hours_of_a_day [], boolean);
drop function if exists app_private.stranded(uuid, uuid);
drop type if exists app_public.stranded_appointment;
drop type if exists app_public.hours_of_a_day;

create type app_public.stranded_appointment as (
  appointment_id uuid,
  booking_request_id uuid,
  calendar_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  rule text,
  colleague_ids uuid[]
);
comment on type app_public.stranded_appointment is
  'A visit or a request that nobody could book any more, with who else could take it at the same time.';
comment on column app_public.stranded_appointment.appointment_id is E'@nullable\nThe appointment; null for a request.';
comment on column app_public.stranded_appointment.booking_request_id is E'@nullable\nThe request that waits for an answer; null for an appointment.';
comment on column app_public.stranded_appointment.calendar_id is 'In which it was booked.';
comment on column app_public.stranded_appointment.rule is
  'What is in the way now: outside_hours, closed, specialist_inactive, not_in_calendar or not_providing_service.';
comment on column app_public.stranded_appointment.colleague_ids is 'Specialists of the calendar who are free at the same time.';

create type app_public.hours_of_a_day as (
  weekday int,
  starts time,
  ends time
);
comment on type app_public.hours_of_a_day is 'Usual hours on one weekday.';
comment on column app_public.hours_of_a_day.weekday is 'ISO: 1 Monday to 7 Sunday.';
comment on column app_public.hours_of_a_day.starts is 'As clocks show it in the specialist''s zone.';
comment on column app_public.hours_of_a_day.ends is '24:00 is the end of the weekday; an end before the start runs past midnight.';

