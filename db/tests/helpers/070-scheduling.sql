-- What a calendar offers, in a form that reads well in an assertion.

create or replace function tests.starts(
  calendar text, "from" timestamptz, "to" timestamptz, specialist text default null
) returns text
language sql stable
as $$
  select coalesce(string_agg(translate(substr(s.local_start, 6, 11), 'T', ' '), ', ' order by s.starts_at), '')
  from app_public.available_slots(
    tests.id(starts.calendar), starts."from", starts."to",
    case when starts.specialist is not null then tests.id(starts.specialist) end) as s;
$$;

comment on function tests.starts(text, timestamptz, timestamptz, text) is
  'Local starts that are listed: "03-08 09:00, 03-08 10:00".';

create or replace function tests.day(calendar text, date date, specialist text default null) returns text
language sql stable
as $$
  select coalesce(string_agg(substr(s.local_start, 12, 5), ' ' order by s.starts_at), '')
  from app_public.available_slots(
    tests.id(day.calendar), day.date::timestamp at time zone 'UTC' - interval '15 hours',
    day.date::timestamp at time zone 'UTC' + interval '39 hours',
    case when day.specialist is not null then tests.id(day.specialist) end) as s
  where left(s.local_start, 10) = day.date::text;
$$;

comment on function tests.day(text, date, text) is
  'Local starts that are listed on a date of the calendar''s zone: "09:00 10:00".';

create or replace function tests.override(
  specialist text, kind text, starts_on date, ends_on date default null, starts time default null, ends time default null
) returns void
language sql volatile security definer
as $$
  insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends)
  select s.organization_id, s.id, override.kind, override.starts_on, coalesce(override.ends_on, override.starts_on),
    override.starts, override.ends
  from app_public.specialists as s where s.id = tests.id(override.specialist);
$$;

comment on function tests.override(text, text, date, date, time, time) is
  'A vacation (closed), other hours on a date (replace) or more hours (extra) of a specialist.';

create or replace function tests.calendar_hours(calendar text, weekly jsonb, specialist text default null) returns void
language sql volatile security definer
as $$
  insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
  select c.organization_id, c.id, case when calendar_hours.specialist is not null then tests.id(calendar_hours.specialist) end,
    array_position('{mon,tue,wed,thu,fri,sat,sun}', day.key), (range ->> 0)::time, (range ->> 1)::time
  from app_public.calendars as c
  cross join jsonb_each(calendar_hours.weekly) as day
  cross join jsonb_array_elements(day.value) as range
  where c.id = tests.id(calendar_hours.calendar);
$$;

comment on function tests.calendar_hours(text, jsonb, text) is
  'A calendar''s own hours, or those of one specialist in it: {"mon": [["09:00", "12:00"]]}.';

create or replace function tests.capacity(calendar text, seats int) returns void
language sql volatile security definer
as $$
  update app_public.calendars set capacity = seats where id = tests.id(capacity.calendar);
$$;

comment on function tests.capacity(text, int) is 'How many are booked together in a calendar.';

create or replace function tests.resource(name text, type text, kind text default 'room', clinic text default null) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  insert into app_public.resources (organization_id, kind, type, name)
  values (tests.clinic_id(resource.clinic), resource.kind, resource.type, resource.name)
  returning id into v_id;
  perform tests.remember(resource.name, v_id);
  return v_id;
end;
$$;

comment on function tests.resource(text, text, text, text) is 'A room or a device of a clinic.';

create or replace function tests.needs(calendar text, type text, resource text default null) returns void
language sql volatile security definer
as $$
  insert into app_public.calendar_resources (organization_id, calendar_id, type, resource_id)
  select c.organization_id, c.id, needs.type, case when needs.resource is not null then tests.id(needs.resource) end
  from app_public.calendars as c where c.id = tests.id(needs.calendar);
$$;

comment on function tests.needs(text, text, text) is 'A calendar needs one of a type of rooms or equipment, or the one named.';

create or replace function tests.zone(specialist text, timezone text, starts_on date, ends_on date) returns void
language sql volatile security definer
as $$
  insert into app_public.specialist_zones (organization_id, specialist_id, timezone, starts_on, ends_on)
  select s.organization_id, s.id, zone.timezone, zone.starts_on, zone.ends_on
  from app_public.specialists as s where s.id = tests.id(zone.specialist);
$$;

comment on function tests.zone(text, text, date, date) is 'A specialist is in another zone on these dates, both inclusive.';
