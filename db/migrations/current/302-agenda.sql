-- Groups and rooms in the agenda, and the days of a room. SCH-12, SCH-02, SCH-11.
drop function if exists app_public.resource_agenda(uuid, date, int, uuid []);
drop function if exists app_public.agenda_appointment_resources(app_public.agenda_appointment);
drop type if exists app_public.agenda_resource;
drop type if exists app_public.agenda_resource_day;
drop type if exists app_public.agenda_use;
alter type app_public.agenda_day drop attribute if exists sessions;
drop type if exists app_public.agenda_session;
alter type app_public.agenda_appointment drop attribute if exists session_id;

alter type app_public.agenda_appointment add attribute session_id uuid;
comment on column app_public.agenda_appointment.session_id is
  E'@nullable\nThe group session in which it has a seat, by the id in sessions of the day; null where it has the time for itself.';

create type app_public.agenda_session as (
  session_id uuid,
  calendar_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  capacity int,
  seats_taken int,
  appointments app_public.agenda_appointment[]
);
comment on type app_public.agenda_session is
  E'@foreignKey (calendar_id) references app_public.calendars (id)\nA group session: one time of the specialist with seats.';
comment on column app_public.agenda_session.session_id is 'The session, while it lasts.';
comment on column app_public.agenda_session.calendar_id is 'In which it is booked.';
comment on column app_public.agenda_session.capacity is 'How many seats it has.';
comment on column app_public.agenda_session.seats_taken is 'How many of them appointments, requests and holds have.';
comment on column app_public.agenda_session.appointments is 'Those of the seats; they are in appointments of the day as well.';

alter type app_public.agenda_day add attribute sessions app_public.agenda_session[];
comment on column app_public.agenda_day.sessions is 'Group sessions, in the order of their times, each with what is booked of it.';

create type app_public.agenda_use as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  kind text,
  specialist_id uuid,
  expires_at timestamptz,
  appointments app_public.agenda_appointment[],
  requests app_public.agenda_request[]
);
comment on type app_public.agenda_use is
  E'@foreignKey (specialist_id) references app_public.specialists (id)\nWho has a room or a device, and for what.';
comment on column app_public.agenda_use.kind is
  E'@words own resource_use\nWhat it is for.\n'
  'hold: A time that somebody keeps while they fill in a form.\n'
  'request: A booking request that waits for an answer.\n'
  'appointment: An appointment.\n'
  'session: A group session.';
comment on column app_public.agenda_use.specialist_id is 'Who works there then.';
comment on column app_public.agenda_use.expires_at is E'@nullable\nUntil when it is kept, where it is a hold.';
comment on column app_public.agenda_use.appointments is 'The appointment, or those of the session.';
comment on column app_public.agenda_use.requests is 'The request, or those for seats of the session.';

create type app_public.agenda_resource_day as (
  day date,
  starts_at timestamptz,
  ends_at timestamptz,
  uses app_public.agenda_use[],
  gaps app_public.agenda_stretch[]
);
comment on type app_public.agenda_resource_day is
  'A day of a room or a device, on the clocks of the clinic; 23 or 25 hours long when they change. What runs past midnight is in both days.';
comment on column app_public.agenda_resource_day.day is 'The date at the clinic.';
comment on column app_public.agenda_resource_day.uses is 'Who has it, in the order of the times.';
comment on column app_public.agenda_resource_day.gaps is 'When nobody has it, cooldowns included.';

create type app_public.agenda_resource as (resource_id uuid, days app_public.agenda_resource_day[]);
comment on type app_public.agenda_resource is
  E'@foreignKey (resource_id) references app_public.resources (id)\nA room or a device with the days that were asked for.';
comment on column app_public.agenda_resource.resource_id is 'The room or the device, by its id.';
comment on column app_public.agenda_resource.days is 'The days, in their order.';

