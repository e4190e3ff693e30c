-- Test: join_waitlist - a guest, a patient, a caregiver and front desk say what suits; nobody learns who waits, and nobody fills the list. SCH-10, FND-35.
begin;
select plan(63);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal');
select tests.staff('nicu', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bea', 'billing');
select tests.specialist('stefan', '{"mon": [["09:00", "12:00"]]}');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.patient('ela', account => false);
select tests.caregiver('corina', 'ela');
select tests.calendar('mondays', '{stefan}');
select tests.calendar('choice', '{stefan}', strategy => 'specific');
select tests.calendar('inside', '{stefan}', is_public => false);
create function pg_temp.join(calendar text, starts_on date default '2027-03-01', ends_on date default '2027-03-31', email text default 'maria@people.test', weekdays int[] default null, earliest time default null, latest time default null, specialist text default null)
returns app_public.waitlist_receipt language sql as $$
  select app_public.join_waitlist(tests.id(calendar), starts_on, ends_on, weekdays => weekdays, earliest => earliest, latest => latest,
    specialist_id => case when specialist is not null then tests.id(specialist) end, given_name => 'Maria', family_name => 'Ionescu', email => email, phone => '0722 111 222') $$;
grant execute on all functions in schema pg_temp to public;

-- A visitor.
select tests.act_as('a visitor');
select set_config('app.visitor_id', 'v1', true), set_config('app.ip', '198.51.100.1', true);
select * from tests.refuses($$select pg_temp.join('mondays', '2027-03-10', '2027-03-09')$$, 'VALIDATION', 'last_day_before_first', 'days the wrong way round');
select * from tests.refuses($$select pg_temp.join('mondays', '2027-02-01', '2027-02-28')$$, 'VALIDATION', 'wish_out_of_bounds', 'days that have passed');
select * from tests.refuses($$select pg_temp.join('mondays', '2027-03-01', '2028-03-02')$$, 'VALIDATION', 'wish_out_of_bounds', 'more than a year away');
select * from tests.refuses($$select pg_temp.join('mondays', '-infinity', '2027-03-31')$$, 'VALIDATION', 'wish_out_of_bounds', 'since ever');
select * from tests.refuses($$select pg_temp.join('mondays', '2027-03-01', 'infinity')$$, 'VALIDATION', 'wish_out_of_bounds', 'for ever');
select * from tests.refuses($$select pg_temp.join('mondays', weekdays => '{0}')$$, 'VALIDATION', 'weekday_unknown', 'no day of the week');
select * from tests.refuses($$select pg_temp.join('mondays', weekdays => '{1,null}')$$, 'VALIDATION', 'weekday_unknown', 'nor this');
select * from tests.refuses($$select pg_temp.join('mondays', weekdays => '{}')$$, 'VALIDATION', 'weekday_unknown', 'none at all');
select * from tests.refuses($$select pg_temp.join('mondays', earliest => '12:00', latest => '11:59')$$, 'VALIDATION', 'latest_before_earliest', 'hours the wrong way round');
select * from tests.refuses($$select pg_temp.join('mondays', email => null)$$, 'VALIDATION', 'contact_is_missing', 'nowhere to write to');
select * from tests.refuses($$select pg_temp.join('mondays', email => 'nowhere')$$, 'VALIDATION', null, 'no address');
select * from tests.refuses($$select pg_temp.join('mondays', specialist => 'stefan')$$, 'VALIDATION', 'specialist_is_assigned', 'a specialist where the clinic assigns');
select * from tests.refuses($$select pg_temp.join('inside')$$, 'NOT_FOUND', 'calendar_not_found', 'a calendar that visitors do not see');
select * from tests.refuses($$select app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('ana'))$$, 'NOT_FOUND', 'patient_not_found', 'for a patient of the clinic');
select set_config('tests.token.first', (pg_temp.join('mondays', weekdays => '{1}', earliest => '09:00', latest => '11:00')).token, true) is not null as joined;
select is((pg_temp.join('choice', specialist => 'stefan')).status, 'waiting', 'with whom they like, where they may say so');
select is((pg_temp.join('mondays')).status, 'waiting', 'an address that waits already is told nothing');
select throws_ok($$select * from app_public.waitlist_entries$$, '42501', null, 'a visitor sees nobody');
select is((select (app_public.leave_waitlist(tests.token('first'))).status), 'left', 'and leaves with the token');
select is((pg_temp.join('mondays')).status, 'waiting', 'may join again');
select is((pg_temp.join('mondays')).status, 'waiting', 'five times in an hour');
select * from tests.refuses($$select pg_temp.join('mondays')$$, 'RATE_LIMITED', 'too_many_waits', 'and no more');
select set_config('tests.now', '2027-03-01 11:01+02', true);
select is((pg_temp.join('mondays')).status, 'waiting', 'an hour later again');
select * from tests.refuses($$select pg_temp.join('mondays')$$, 'CONFLICT', 'waits_too_often', 'five times at once at a clinic');
select set_config('app.visitor_id', 'v2', true);
select is((pg_temp.join('mondays')).status, 'waiting', 'another visitor is told nothing of it');
reset role;
select is((select array_agg((status, given_name, email, phone, locale, weekdays, earliest, latest, visitor_id)::text order by created_at, id) from app_public.waitlist_entries where status = 'left'),
  array[row('left', 'Maria', 'maria@people.test', '+40722111222', 'ro', '{1}'::int[], '09:00'::time, '11:00'::time, 'visitor:v1')::text], 'it is written as it was said');
select is((select count(*)::int from app_public.waitlist_entries where token_hash = sha256(convert_to(tests.token('first'), 'UTF8'))), 1, 'of the token a digest');

-- The network.
update app_private.visitor_limits set per_hour = 1 where name = 'waitlist_address';
select tests.act_as('a visitor');
select set_config('app.visitor_id', 'v3', true), set_config('app.ip', '198.51.100.1', true);
select * from tests.refuses($$select pg_temp.join('mondays')$$, 'RATE_LIMITED', 'too_many_waits', 'one network only so often');
select set_config('app.ip', '198.51.100.2', true);
select is((pg_temp.join('mondays')).status, 'waiting', 'another one may');
reset role;
update app_private.visitor_limits set per_hour = 30 where name = 'waitlist_address';

-- People of the clinic, and patients.
select tests.act_as('ana');
select is((app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('ana'))).status, 'waiting', 'a patient waits');
select * from tests.refuses($$select app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('ana'), email => 'x@people.test')$$, 'VALIDATION', 'patient_has_a_contact', 'and is written to where the profile says');
select * from tests.refuses($$select app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('bogdan'))$$, 'NOT_FOUND', 'patient_not_found', 'and nobody else for them');
select tests.act_as('corina');
select is((app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('ela'))).status, 'waiting', 'who cares for a child waits for it');
select tests.act_as('flavia');
select is((app_public.join_waitlist(tests.id('inside'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('bogdan'))).status, 'waiting', 'front desk writes a patient down, also inside');
select is((pg_temp.join('mondays', specialist => 'stefan')).status, 'waiting', 'and whoever calls, with whom they want');
select tests.act_as('bea');
select * from tests.refuses($$select pg_temp.join('mondays')$$, 'FORBIDDEN', 'permission_missing', 'who may not book may not');
select tests.act_as('nicu');
select * from tests.refuses($$select app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('ana'))$$, 'NOT_FOUND', 'patient_not_found', 'nor does another clinic');

-- Who reads the list.
select tests.act_as('flavia');
select is((select count(*)::int from app_public.waitlist_entries where calendar_id = tests.id('mondays') and status = 'waiting'), 9, 'front desk reads the list');
select throws_ok($$select token_hash from app_public.waitlist_entries$$, '42501', null, 'and no token');
select throws_ok($$update app_public.waitlist_entries set status = 'left'$$, '42501', null, 'and writes by verbs only');
select tests.act_as('ana');
select is((select count(*)::int from app_public.waitlist_entries), 1, 'a patient reads the own place');
select tests.act_as('nicu');
select is((select count(*)::int from app_public.waitlist_entries), 0, 'another clinic nothing');
reset role;
select is((select count(*)::int from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'offer_freed_times'), 12, 'the worker looks, for each who joined');
select * from finish();
rollback;
