-- Test: agenda - a group session is one time with its seats and what is booked of it, and an appointment tells its room. SCH-12, SCH-02, SCH-11.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('dan'), tests.patient('eva');
select tests.specialist('carmen', weekly => '{"mon": [["09:00", "13:00"]]}');
select tests.specialist('stefan', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('yoga', specialists => '{carmen}'), tests.calendar('massage', specialists => '{stefan}');
select tests.capacity('yoga', 5);
select tests.resource('Sala 1', 'sala'), tests.resource('Laser', 'laser', 'equipment'), tests.resource('Cabinet', 'cabinet');
select tests.needs('yoga', 'sala'), tests.needs('massage', 'cabinet'), tests.needs('massage', 'laser');
create function pg_temp.book(name text, calendar text, patient text, at timestamptz) returns uuid language sql as $$
  select tests.remember(name, (app_public.book_directly(tests.id(calendar), at, tests.id(patient))).id);
$$;
select tests.act_as('flavia');
select pg_temp.book('of ana', 'yoga', 'ana', '2027-03-01 10:00+02'), pg_temp.book('of bogdan', 'yoga', 'bogdan', '2027-03-01 10:00+02'),
  pg_temp.book('of dan', 'yoga', 'dan', '2027-03-01 10:00+02'), pg_temp.book('later', 'yoga', 'ana', '2027-03-01 12:00+02'),
  pg_temp.book('alone', 'massage', 'eva', '2027-03-01 10:00+02');
select app_public.cancel_appointment(tests.id('of dan'));
select tests.act_as('a visitor');
select (app_public.hold_slot(tests.id('yoga'), '2027-03-01 10:00+02')).ends_at;
select tests.act_as('the database');
create function pg_temp.sessions(specialist text, n int default 1) returns setof app_public.agenda_session language sql as $$
  select s.* from app_public.agenda(tests.id('atlas'), '2027-03-01', n) as a, unnest(a.days) as d, unnest(d.sessions) as s where a.specialist_id = tests.id(specialist);
$$;
create function pg_temp.named(app_public.agenda_appointment[]) returns text language sql as $$
  select coalesce(string_agg(n.name, ', ' order by n.name), '') from unnest($1) as a join tests.names as n on n.id = a.appointment_id;
$$;

select tests.act_as('flavia');
select results_eq($$select to_char(starts_at at time zone 'Europe/Bucharest', 'HH24:MI'), local_end, capacity, seats_taken, pg_temp.named(appointments), calendar_id = tests.id('yoga') from pg_temp.sessions('carmen')$$,
  $$values ('10:00', '2027-03-01T11:00:00+02:00', 5, 3, 'of ana, of bogdan', true), ('12:00', '2027-03-01T13:00:00+02:00', 5, 1, 'later', true)$$,
  'each session once, with its seats, those that are kept among them, and the appointments below it');
select is_empty($$select * from pg_temp.sessions('stefan')$$, 'who has no group has no session');
select is((select count(*) from pg_temp.sessions('carmen', 31)), 2::bigint, 'nor on any other day');
select results_eq($$select n.name, x.session_id = (select session_id from pg_temp.sessions('carmen') limit 1)
    from app_public.agenda(tests.id('atlas'), '2027-03-01', 1) as a, unnest(a.days) as d, unnest(d.appointments) as x join tests.names n on n.id = x.appointment_id order by 1$$,
  $$values ('alone', null), ('later', false), ('of ana', true), ('of bogdan', true), ('of dan', null)$$, 'an appointment knows its session, while it has a seat');
select is((select pg_temp.named(d.appointments) from app_public.agenda(tests.id('atlas'), '2027-03-01', 1) as a, unnest(a.days) as d where a.specialist_id = tests.id('carmen')),
  'later, of ana, of bogdan, of dan', 'the list of the day is as it was');
select results_eq($$select n.name, (select string_agg(r.kind || ' ' || r.name, ', ' order by r.n) from unnest(app_public.agenda_appointment_resources(x)) with ordinality as r (id, kind, type, name, n))
    from app_public.agenda(tests.id('atlas'), '2027-03-01', 1) as a, unnest(a.days) as d, unnest(d.appointments) as x join tests.names n on n.id = x.appointment_id order by 1$$,
  $$values ('alone', 'room Cabinet, equipment Laser'), ('later', 'room Sala 1'), ('of ana', 'room Sala 1'), ('of bogdan', 'room Sala 1'), ('of dan', null)$$,
  'where it is and what is used there; seats have the room of their session');

-- The seat that is kept goes by itself, the session with the last one.
select tests.act_as('the database');
select tests.freeze_time('2027-03-01 08:30+02');
select tests.act_as('flavia');
select is((select seats_taken from pg_temp.sessions('carmen') order by starts_at limit 1), 2, 'a seat that was kept too long is free');
select lives_ok($$select app_public.cancel_appointment(tests.id('later'))$$, 'who was alone there calls off');
select is((select count(*) from pg_temp.sessions('carmen')), 1::bigint, 'and the session is over');
select tests.act_as('the database');
update app_private.time_claims set during = tstzrange('2027-03-01 23:00+02', '2027-03-02 01:00+02'), blocked = tstzrange('2027-03-01 23:00+02', '2027-03-02 01:00+02')
where id = (select session_id from app_private.time_claims where id = (select claim_id from app_public.appointments where id = tests.id('of ana')));
select tests.act_as('flavia');
select is((select count(*) from pg_temp.sessions('carmen', 2)), 2::bigint, 'what runs past midnight is in both days');
select is((select gaps from app_public.agenda(tests.id('atlas'), '2027-03-01', 1) as a, unnest(a.days) as d where a.specialist_id = tests.id('stefan'))::text,
  (select array[('2027-03-01 09:00+02', '2027-03-01 10:00+02', '2027-03-01T09:00:00+02:00', '2027-03-01T10:00:00+02:00')::app_public.agenda_stretch,
                ('2027-03-01 11:00+02', '2027-03-01 12:00+02', '2027-03-01T11:00:00+02:00', '2027-03-01T12:00:00+02:00')::app_public.agenda_stretch]::text), 'and everything else is as it was');
select is((select count(*) from app_public.agenda(tests.id('atlas'), '2027-03-01', 1)), 2::bigint, 'a row for each');
select * from finish();
rollback;
