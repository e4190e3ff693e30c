-- Test: agenda - days of a clinic with hours, what takes them and what is free, under the right to see appointments. SCH-12, APT-01, FND-04.
begin;
select plan(48);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.specialist('elsewhere');
select tests.specialist('gone elsewhere');
select tests.calendar('visits elsewhere', specialists => '{elsewhere,gone elsewhere}', minutes => 30);
select tests.patient('petre');
select tests.appointment('elsewhere on the day', 'petre', 'visits elsewhere', 'gone elsewhere', '2027-03-01 09:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('mihai', weekly => '{"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "tue": [["22:00", "02:00"]]}', account => true);
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('gone', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{mihai,ana,gone}', minutes => 30);
select tests.calendar('of another service', minutes => 60);
select tests.patient('ioana', account => true);
select tests.act_as('the database');
update app_public.specialists set family_name = initcap(case id when tests.id('ana') then 'șerban' when tests.id('mihai') then 'stan' else 'zamfir' end)
where organization_id = tests.id('atlas');
select tests.appointment('first', 'ioana', 'visits', 'mihai', '2027-03-01 09:00+02');
select tests.appointment('called off', 'ioana', 'visits', 'mihai', '2027-03-01 11:00+02');
select tests.appointment('late', 'ioana', 'visits', 'mihai', '2027-03-02 23:45+02');
select tests.appointment('removed', 'ioana', 'visits', 'mihai', '2027-03-01 16:00+02');
select tests.appointment('of the gone', 'ioana', 'visits', 'gone', '2027-03-02 10:00+02');
select tests.appointment('ends as the day begins', 'ioana', 'visits', 'gone', '2027-02-28 23:30+02');
select tests.appointment('begins as the day ends', 'ioana', 'visits', 'gone', '2027-03-02 00:00+02');
select tests.appointment('removed of the gone', 'ioana', 'visits', 'gone', '2027-03-01 12:00+02');
select tests.appointment('until midnight', 'ioana', 'visits', 'ana', '2027-03-01 23:30+02');
select tests.appointment('from midnight', 'ioana', 'visits', 'ana', '2027-03-02 00:00+02');
select tests.appointment('before', 'ioana', 'visits', 'mihai', '2027-02-28 23:00+02');
update app_private.time_claims set released_at = now() where id in (
  select claim_id from app_public.appointments where id in (tests.id('called off'), tests.id('removed'), tests.id('removed of the gone')));
update app_public.appointments set status = 'cancelled' where id = tests.id('called off');
update app_public.appointments set deleted_at = now() where id in (tests.id('removed'), tests.id('removed of the gone'));
update app_private.time_claims set blocked = tstzrange('2027-03-01 08:50+02', '2027-03-01 09:40+02')
where id = (select claim_id from app_public.appointments where id = tests.id('first'));
select tests.booking_request('asked', 'visits', 'ana', '2027-03-01 10:00+02');
select tests.booking_request('asked until midnight', 'visits', 'ana', '2027-03-02 23:30+02');
select tests.booking_request('asked from midnight', 'visits', 'ana', '2027-03-03 00:00+02');
select tests.booking_request('refused', 'visits', 'ana', '2027-03-01 11:00+02');
update app_public.booking_requests set status = 'rejected', rejection_reason = 'no' where id = tests.id('refused');
update app_private.time_claims set released_at = now() where id = (select claim_id from app_public.booking_requests where id = tests.id('refused'));
select tests.claim('mihai', '2027-03-01 13:00+02', 30, 'hold', 'visits');
select tests.claim('mihai', '2027-03-01 14:00+02', 30, 'hold', 'visits');
update app_private.time_claims set expires_at = '2027-03-01 08:00+02' where lower(during) = '2027-03-01 14:00+02';
select tests.claim('mihai', '2027-03-01 15:00+02', 30, 'block');
update app_public.specialists set deleted_at = now() where id in (tests.id('gone'), tests.id('gone elsewhere'));
create function pg_temp.days(specialist text, days int default 2, clinic text default 'atlas') returns setof app_public.agenda_day language sql as $$
  select day.* from app_public.agenda(tests.id(clinic), '2027-03-01', days) as a, unnest(a.days) as day where a.specialist_id = tests.id(specialist)
$$;
create function pg_temp.told(anyarray) returns text language sql as $$
  select coalesce(string_agg(to_char((s ->> 'starts_at')::timestamptz at time zone 'Europe/Bucharest', 'HH24:MI') || '-'
    || to_char((s ->> 'ends_at')::timestamptz at time zone 'Europe/Bucharest', 'HH24:MI'), ' ' order by n), '')
  from jsonb_array_elements(to_jsonb($1)) with ordinality as e (s, n)
$$;

select tests.act_as('flavia');
select is((select array_agg(specialist_id order by n) from app_public.agenda(tests.id('atlas'), '2027-03-01', 2) with ordinality as a (specialist_id, days, n)),
  array[tests.id('mihai'), tests.id('ana'), tests.id('gone')], 'everybody of the clinic by name in Romanian order, who left with what they had');
select is((select array_agg(specialist_id) from app_public.agenda(tests.id('atlas'), '2027-03-01', 1)) @> array[tests.id('gone')], false, 'who left and has nothing is not there');
select is((select array_agg(specialist_id) from app_public.agenda(tests.id('atlas'), '2027-03-10', 1)), array[tests.id('mihai'), tests.id('ana')], 'as whoever works there is');
select is((select array_agg(specialist_id) from app_public.agenda(tests.id('atlas'), '2027-03-01', 2, array[tests.id('mihai'), uuidv7()])), array[tests.id('mihai')], 'or those who are named');
select is((select array_agg(specialist_id) from app_public.agenda(tests.id('atlas'), '2027-03-01', 2, array[tests.id('gone')])), array[tests.id('gone')], 'of whom one may have left');
select is((select count(*) from app_public.agenda(tests.id('atlas'), '2027-03-01', 2, '{}')), 0::bigint, 'nobody is nobody');
select results_eq($$select day, starts_at, ends_at, is_day_off from pg_temp.days('mihai', 3)$$, $$values
  (date '2027-03-01', timestamptz '2027-03-01 00:00+02', timestamptz '2027-03-02 00:00+02', false),
  ('2027-03-02', '2027-03-02 00:00+02', '2027-03-03 00:00+02', false), ('2027-03-03', '2027-03-03 00:00+02', '2027-03-04 00:00+02', false)$$, 'days of the clinic, in their order');
select is((select array_agg(is_day_off) from pg_temp.days('mihai', 4)), '{f,f,f,t}', 'a day without hours is a day off');
select is((select array_agg(pg_temp.told(hours)) from pg_temp.days('mihai', 3)), '{"09:00-12:00 13:00-17:00","22:00-00:00","00:00-02:00"}', 'hours, cut at midnight');
select is((select array_agg(pg_temp.told(gaps)) from pg_temp.days('mihai', 3)), '{"09:40-12:00 13:30-15:00 15:30-17:00","22:00-23:45","00:15-02:00"}',
  'gaps: without cooldowns and what is kept, with what was called off, removed or has expired');
select is((select array_agg(pg_temp.told(appointments)) from pg_temp.days('mihai', 3)), '{"09:00-09:30 11:00-11:30","23:45-00:15","23:45-00:15"}', 'an appointment over midnight is in both days, what was removed in none');
select is((select array_agg(pg_temp.told(appointments)) from pg_temp.days('ana', 3)), '{"23:30-00:00","00:00-00:30",""}', 'one that ends at midnight is in the day before, one that begins then in the day after');
select is((select array_agg(a.status) from pg_temp.days('mihai', 1), unnest(appointments) as a), '{booked,cancelled}', 'with its state');
select is((select a from pg_temp.days('mihai', 1), unnest(appointments) as a limit 1),
  (tests.id('first'), '2027-03-01 09:00+02', '2027-03-01 09:30+02', '2027-03-01T09:00:00+02:00', '2027-03-01T09:30:00+02:00', 'booked', 'Ioana',
   (select name from app_public.services where id = tests.id('service of visits')), null)::app_public.agenda_appointment, 'whose it is, for what, when, and when on the clocks there');
select is((select array_agg(pg_temp.told(holds)) from pg_temp.days('mihai')), '{"13:00-13:30",""}', 'what somebody keeps, while they do');
select is((select array_agg(pg_temp.told(holds)) from pg_temp.days('ana')), '{"",""}', 'of a colleague''s time');
select is((select h.expires_at from pg_temp.days('mihai', 1), unnest(holds) as h), timestamptz '2027-03-01 08:10+02', 'until when');
select is((select pg_temp.told(blocks) from pg_temp.days('mihai', 1)), '15:00-15:30', 'what the specialist closed');
select is((select array_agg(pg_temp.told(requests)) from pg_temp.days('ana', 3)), '{10:00-10:30,23:30-00:00,00:00-00:30}', 'requests that wait, and those alone');
select is((select array_agg(pg_temp.told(requests)) from pg_temp.days('mihai')), '{"",""}', 'whoever they are for');
select is((select array_agg(pg_temp.told(gaps)) from pg_temp.days('ana')), '{"09:00-10:00 10:30-12:00",""}', 'they keep their time');
select is((select array_agg(r.service_name) from pg_temp.days('ana', 1), unnest(requests) as r), array[(select name from app_public.services where id = tests.id('service of visits'))], 'for what');
select is((select r.guest_name from pg_temp.days('ana', 1), unnest(requests) as r), 'Gabriela Munteanu', 'whoever asks');
select is((select count(*) from pg_temp.days('mihai', 31)), 31::bigint, 'a month');
select is((select array_agg(ends_at - starts_at) from app_public.agenda(tests.id('atlas'), '2027-03-28', 1, array[tests.id('ana')]) as a, unnest(a.days)), '{23:00}'::interval[], 'a day of spring has 23 hours');
select is((select array_agg(ends_at - starts_at) from app_public.agenda(tests.id('atlas'), '2027-10-31', 1, array[tests.id('ana')]) as a, unnest(a.days)), '{25:00}'::interval[], 'one of autumn 25');

select told.* from (values ('2027-03-01', '0', 'days_out_of_bounds'), ('2027-03-01', '32', 'days_out_of_bounds'), ('2027-03-01', 'null', 'days_out_of_bounds'),
  ('infinity', '1', 'window_infinite'), ('-infinity', '2', 'window_infinite'), ('0001-01-01', '1', 'window_out_of_range'), ('5874897-12-31', '1', 'window_out_of_range')) as t (day, days, reason)
cross join lateral tests.refuses(format('select app_public.agenda(tests.id(%L), %L, %s)', 'atlas', day, days), 'VALIDATION', reason, reason || ' ' || days) as told;
select tests.act_as('mihai');
select isnt((select count(*) from pg_temp.days('ana')), 0::bigint, 'a specialist sees the clinic''s appointments, and so its agenda');
select tests.act_as('filip');
select * from tests.refuses($$select app_public.agenda(tests.id('atlas'), '2027-03-01', 1)$$, 'NOT_FOUND', 'not_found', 'another clinic is none of theirs');
select tests.act_as('ioana');
select * from tests.refuses($$select app_public.agenda(tests.id('atlas'), '2027-03-01', 1)$$, 'NOT_FOUND', 'not_found', 'a patient sees nobody''s');
select tests.act_as('a visitor');
select throws_ok($$select app_public.agenda(tests.id('atlas'), '2027-03-01', 1)$$, '42501', null, 'nor does a visitor');
select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'appointments.view' and organization_id = tests.id('atlas');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.agenda(tests.id('atlas'), '2027-03-01', 1)$$, 'FORBIDDEN', 'permission_missing', 'who works there without the right is told which');
select * from finish();
rollback;
