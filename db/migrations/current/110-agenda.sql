-- A clinic's days as its screens show them. SCH-12, APT-01.
drop function if exists app_public.agenda(uuid, date, int, uuid[]);
drop type if exists app_public.agenda_specialist;
drop type if exists app_public.agenda_day;
drop type if exists app_public.agenda_appointment;
drop type if exists app_public.agenda_request;
drop type if exists app_public.agenda_hold;
drop type if exists app_public.agenda_stretch;

create type app_public.agenda_stretch as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text
);
comment on type app_public.agenda_stretch is 'From when to when, as an instant and as the clocks of the clinic show it.';

create type app_public.agenda_appointment as (
  appointment_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  status text,
  patient_name text,
  service_name text
);
comment on type app_public.agenda_appointment is
  E'@foreignKey (appointment_id) references app_public.appointments (id)\n'
  'An appointment in the agenda, called off ones among them. Everything else of it is behind appointment.';
comment on column app_public.agenda_appointment.status is E'@words appointments.status\nWhere it stands.';
comment on column app_public.agenda_appointment.patient_name is 'The patient, as the appointment was made for.';

create type app_public.agenda_request as (
  booking_request_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  guest_name text,
  service_name text,
  respond_by timestamptz
);
comment on type app_public.agenda_request is
  E'@foreignKey (booking_request_id) references app_public.booking_requests (id)\n'
  'A booking request that waits for an answer. Everything else of it is behind bookingRequest.';
comment on column app_public.agenda_request.guest_name is 'Who asks.';

create type app_public.agenda_hold as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  expires_at timestamptz
);
comment on type app_public.agenda_hold is 'A time that somebody keeps while they fill in a form.';

create type app_public.agenda_day as (
  day date,
  starts_at timestamptz,
  ends_at timestamptz,
  is_day_off boolean,
  hours app_public.agenda_stretch[],
  gaps app_public.agenda_stretch[],
  appointments app_public.agenda_appointment[],
  requests app_public.agenda_request[],
  holds app_public.agenda_hold[],
  blocks app_public.agenda_stretch[]
);
comment on type app_public.agenda_day is
  'A day of a specialist, on the clocks of the clinic; 23 or 25 hours long when they change. What runs past midnight is in both days.';
comment on column app_public.agenda_day.day is 'The date at the clinic.';
comment on column app_public.agenda_day.is_day_off is 'Whether the specialist has no hours on this day.';
comment on column app_public.agenda_day.hours is 'When the specialist works: usual hours, those of their calendars, and what was changed for the date.';
comment on column app_public.agenda_day.gaps is 'Working hours that nothing takes, cooldowns included.';
comment on column app_public.agenda_day.appointments is 'Appointments, in the order of their times.';
comment on column app_public.agenda_day.requests is 'Booking requests that wait for an answer.';
comment on column app_public.agenda_day.holds is 'Times that are kept at the moment.';
comment on column app_public.agenda_day.blocks is 'Times that the specialist closed.';

create type app_public.agenda_specialist as (specialist_id uuid, days app_public.agenda_day[]);
comment on type app_public.agenda_specialist is
  E'@foreignKey (specialist_id) references app_public.specialists (id)\n'
  'A specialist with the days that were asked for.';
comment on column app_public.agenda_specialist.specialist_id is 'The specialist, by its id.';
comment on column app_public.agenda_specialist.days is 'The days, in their order.';
