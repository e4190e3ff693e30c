-- Test: calendars - every type is listed, held, asked for and booked: one specialist, pools by turn and by priority, the
-- visitor's choice, groups; in person, by video, by phone; public and for staff only. SCH-02.
begin;
select plan(108);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.patient('pavel'), tests.consent('pavel', 'telemedicine');
create temporary table types as
select format('%s %s %s', type.name, modality, case when is_public then 'public' else 'staff' end) as name, type.name as type,
  type.strategy, type.people, type.capacity, modality, is_public, row_number() over () as n
from (values
    ('single', 'round_robin', '{1}'::int[], 1), ('pool', 'round_robin', '{1,2}', 1), ('tiers', 'priority', '{1,2}', 1),
    ('choice', 'specific', '{1,2}', 1), ('group', 'round_robin', '{1}', 2)) as type (name, strategy, people, capacity)
cross join unnest('{in_person,video,phone}'::text[]) as modality
cross join unnest('{true,false}'::boolean[]) as is_public;
grant select on types to public;
select tests.specialist(format('%s of %s', one, types.n), weekly => '{"mon": [["09:00", "12:00"]]}')
from types cross join unnest(types.people) as one;
select tests.calendar(types.name, array(select format('%s of %s', one, types.n) from unnest(types.people) as one),
  strategy => types.strategy, is_public => types.is_public, modality => types.modality)
from types;
select tests.capacity(types.name, types.capacity) from types;

-- Two people want one start, one after the other, of whom the visitor of a choice names the second specialist.
create function pg_temp.wants(type types) returns uuid language sql as
  $$select case type.type when 'choice' then tests.id(format('2 of %s', type.n)) end$$;
create function pg_temp.books(type types, at timestamptz) returns app_public.appointments language plpgsql as $$
declare
  v_token text;
  v_appointment app_public.appointments;
begin
  if type.is_public then
    perform tests.act_as('a visitor');
    -- Each time somebody else, from somewhere else.
    perform set_config('app.visitor_id', gen_random_uuid()::text, true);
    perform set_config('app.ip', format('203.0.%s.%s', (random() * 250)::int, (random() * 250)::int), true);
    v_token := (app_public.hold_slot(tests.id(type.name), at, pg_temp.wants(type))).token;
    perform app_public.request_booking(v_token, 'Gina', 'Rusu', format('%s@people.test', md5(random()::text)), '+40722000444');
    perform tests.act_as('maria');
    select booked.* into v_appointment
    from app_public.booking_requests as r
    cross join lateral app_public.confirm_booking_request(r.id, patient_profile_id => tests.id('pavel')) as booked
    where r.status = 'requested';
  else
    perform tests.act_as('maria');
    select * into v_appointment from app_public.book_directly(tests.id(type.name), at, tests.id('pavel'), pg_temp.wants(type));
  end if;
  return v_appointment;
end;
$$;
create temporary table booked (n bigint, place int, specialist_id uuid, modality text);
grant all on booked to public;
create function pg_temp.book_all(place int) returns setof text language plpgsql as $$
declare
  v_type types;
  v_appointment app_public.appointments;
begin
  for v_type in select * from types order by n loop
    v_appointment := pg_temp.books(v_type, '2027-03-08 10:00+02');
    insert into booked values (v_type.n, place, v_appointment.specialist_id, v_appointment.modality);
    return next is(v_appointment.modality, v_type.modality, format('booking %s: %s', place, v_type.name));
  end loop;
end;
$$;
select pg_temp.book_all(1);
select tests.act_as('the database');
delete from types where type in ('single', 'choice');
select pg_temp.book_all(2);
select tests.act_as('the database');

select is(count(distinct b.specialist_id), 2::bigint, format('each in turn: %s', types.name))
from types join booked as b using (n) where types.type in ('pool', 'tiers') group by types.name order by types.name;
select is(b.specialist_id, tests.id(format('1 of %s', types.n)), format('the first tier first: %s', types.name))
from types join booked as b using (n) where types.type = 'tiers' and b.place = 1 order by types.name;
select is(count(distinct b.specialist_id), 1::bigint, format('both together: %s', types.name))
from types join booked as b using (n) where types.type = 'group' group by types.name order by types.name;

-- Then nothing is left of that start, and those for staff only were never shown.
create function pg_temp.listed(calendar text) returns text language plpgsql as $$
begin
  return tests.day(calendar, '2027-03-08');
exception when others then
  return sqlerrm;
end;
$$;
select tests.act_as('a visitor');
select is(pg_temp.listed(types.name), case when types.is_public then '09:00 11:00' else 'calendar_not_found' end,
  format('to visitors: %s', types.name)) from types order by types.name;
select tests.act_as('maria');
select is(pg_temp.listed(types.name), '09:00 11:00', format('to staff: %s', types.name)) from types order by types.name;
select * from finish();
rollback;
