-- Test: resource_agenda - days of a clinic's rooms and devices: who has them, for what, and when nobody does; for whoever sees its appointments. SCH-12, SCH-11, FND-04.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.resource('Cabinet', 'cabinet');
select tests.remember('theirs', tests.id('Cabinet'));
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('bianca', 'billing');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('eva');
select tests.specialist('carmen', weekly => '{"mon": [["09:00", "13:00"]]}');
select tests.specialist('stefan', weekly => '{"mon": [["09:00", "13:00"]], "tue": [["22:00", "02:00"]]}');
select tests.calendar('yoga', specialists => '{carmen}'), tests.calendar('massage', specialists => '{stefan}', buffer_after_minutes => 15, step_minutes => 15);
select tests.capacity('yoga', 5);
select tests.resource('Sala 2', 'sala'), tests.resource('Sala 1', 'sala'), tests.resource('Laser', 'laser', 'equipment'), tests.resource('Cabinet', 'cabinet'), tests.resource('Gone', 'sala');
update app_public.resources set deleted_at = now() where id = tests.id('Gone');
select tests.needs('yoga', 'sala'), tests.needs('massage', 'cabinet'), tests.needs('massage', 'laser');
create function pg_temp.book(name text, calendar text, patient text, at timestamptz) returns uuid language sql as $$
  select tests.remember(name, (app_public.book_directly(tests.id(calendar), at, tests.id(patient))).id);
$$;
select tests.act_as('flavia');
select pg_temp.book('of ana', 'yoga', 'ana', '2027-03-01 10:00+02'), pg_temp.book('of bogdan', 'yoga', 'bogdan', '2027-03-01 10:00+02'),
  pg_temp.book('alone', 'massage', 'eva', '2027-03-01 09:00+02'), pg_temp.book('called off', 'massage', 'eva', '2027-03-01 11:45+02'),
  pg_temp.book('past midnight', 'massage', 'eva', '2027-03-02 23:30+02');
select app_public.cancel_appointment(tests.id('called off'));
select tests.act_as('a visitor');
select (app_public.hold_slot(tests.id('yoga'), '2027-03-01 10:00+02')).ends_at, (app_public.hold_slot(tests.id('massage'), '2027-03-01 10:30+02')).ends_at;
select tests.act_as('the database');
create function pg_temp.day(resource text, n int default 1, days int default 3) returns app_public.agenda_resource_day language sql as $$
  select d.day, d.starts_at, d.ends_at, d.uses, d.gaps from app_public.resource_agenda(tests.id('atlas'), '2027-03-01', days) as a, unnest(a.days) with ordinality as d (day, starts_at, ends_at, uses, gaps, n) where a.resource_id = tests.id(resource) and d.n = day.n;
$$;
create function pg_temp.used(app_public.agenda_resource_day) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', substr(u.local_start, 12, 5), substr(u.local_end, 12, 5), u.kind,
      (select n.name from tests.names n where n.id = u.specialist_id), (
      select string_agg(n.name, '+' order by n.name) from unnest(u.appointments) as a join tests.names n on n.id = a.appointment_id), (
      select string_agg(r.guest_name, '+') from unnest(u.requests) as r)), ', ' order by u.starts_at), '')
  from unnest($1.uses) as u;
$$;
create function pg_temp.free(app_public.agenda_resource_day) returns text language sql as $$
  select string_agg(to_char(g.starts_at at time zone 'Europe/Bucharest', 'DD HH24:MI-') || to_char(g.ends_at at time zone 'Europe/Bucharest', 'HH24:MI'), ', ' order by g.starts_at) from unnest($1.gaps) as g;
$$;

select tests.act_as('flavia');
select is((select string_agg(n.name, ', ' order by a.place) from app_public.resource_agenda(tests.id('atlas'), '2027-03-01', 1) with ordinality as a (resource_id, days, place) join tests.names n on n.id = a.resource_id),
  'Cabinet, Sala 1, Sala 2, Laser', 'rooms first, by type and name; none that is gone, and none of another clinic');
select is(pg_temp.used(pg_temp.day('Sala 1')), '10:00 11:00 session carmen of ana+of bogdan', 'a group has its room once, with those who are booked');
select is(pg_temp.free(pg_temp.day('Sala 1')), '01 00:00-10:00, 01 11:00-00:00', 'and it is free before and after');
select is(pg_temp.used(pg_temp.day('Sala 2')), '', 'the other room is nobody''s');
select is(pg_temp.free(pg_temp.day('Sala 2')), '01 00:00-00:00', 'all day');
select is(pg_temp.used(pg_temp.day('Cabinet')), '09:00 10:00 appointment stefan alone, 10:30 11:30 hold stefan', 'what is booked and what is kept; not what was called off');
select is(pg_temp.free(pg_temp.day('Cabinet')), '01 00:00-09:00, 01 10:15-10:30, 01 11:45-00:00', 'free is what no cooldown takes');
select is(pg_temp.used(pg_temp.day('Laser')), pg_temp.used(pg_temp.day('Cabinet')), 'a device likewise');
select is((select u.expires_at from pg_temp.day('Cabinet') as d, unnest(d.uses) as u where u.kind = 'hold'), timestamptz '2027-03-01 08:10+02', 'a time that is kept says until when');
select is((select u.expires_at from pg_temp.day('Cabinet') as d, unnest(d.uses) as u where u.kind = 'appointment'), null, 'nothing else does');
select is(pg_temp.used(pg_temp.day('Cabinet', 2)) || ' | ' || pg_temp.used(pg_temp.day('Cabinet', 3)), '23:30 00:30 appointment stefan past midnight | 23:30 00:30 appointment stefan past midnight', 'what runs past midnight is in both days');
select is(pg_temp.free(pg_temp.day('Cabinet', 3)), '03 00:45-00:00', 'and taken from both');
select is((select array_agg(n.name) from app_public.resource_agenda(tests.id('atlas'), '2027-03-01', 1, array[tests.id('Laser'), tests.id('theirs'), tests.id('Gone')]) as a join tests.names n on n.id = a.resource_id), '{Laser}', 'those that are asked for');
select * from tests.refuses($$select app_public.resource_agenda(tests.id('atlas'), '2027-03-01', 32)$$, 'VALIDATION', 'days_out_of_bounds', '31 days at most');
select * from tests.refuses($$select app_public.resource_agenda(tests.id('atlas'), 'infinity', 1)$$, 'VALIDATION', null, 'a day that is one');

-- A request, and a seat that is asked for.
select tests.act_as('the database');
select tests.booking_request('asked', 'massage', 'stefan', '2027-03-01 12:00+02');
insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
select r.organization_id, tests.id('Cabinet'), r.claim_id, tstzrange(r.starts_at, r.ends_at) from app_public.booking_requests r where r.id = tests.id('asked');
select tests.freeze_time('2027-03-01 08:30+02');
select tests.act_as('flavia');
select is(pg_temp.used(pg_temp.day('Cabinet')), '09:00 10:00 appointment stefan alone, 12:00 13:00 request stefan Gabriela Munteanu', 'a request that waits, and no hold that is over');

-- Whose it is to see.
select tests.act_as('filip');
select * from tests.refuses($$select app_public.resource_agenda(tests.id('atlas'), '2027-03-01', 1)$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.resource_agenda(tests.id('atlas'), '2027-03-01', 1)$$, 'NOT_FOUND', 'not_found', 'a patient');
select * from finish();
rollback;
