-- Test: confirm_booking_request - a patient is known by the address within the clinic, by the name when several share it, and by staff when both do. APT-05, APT-09, FND-07.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('of boreal', account => false, email => 'one@people.test');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
create function pg_temp.patient(name text, given text, family text, email text) returns void language sql as $$
  select tests.patient(name, account => false, email => email);
  update app_public.patient_profiles set given_name = given, family_name = family where id = tests.id(name);
$$;
create function pg_temp.request(name text, at timestamptz, given text, family text, email text) returns void language sql as $$
  select tests.booking_request(name, 'mondays', 'stefan', at, email);
  update app_public.booking_requests set given_name = given, family_name = family where id = tests.id(name);
$$;
create function pg_temp.confirmed(request text, patient uuid default null, as_new boolean default false) returns uuid language sql as $$
  select (app_public.confirm_booking_request(tests.id(request), patient, as_new)).patient_profile_id;
$$;
create function pg_temp.detail_of(statement text) returns jsonb language plpgsql as $$
declare v text; begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v; end $$;
select pg_temp.patient('one', 'Ioana', 'Pop', 'One@People.test');
select pg_temp.patient('mother', 'Ștefania', 'Țurcanu', 'family@people.test');
select pg_temp.patient('child', 'Matei', 'Țurcanu', 'family@people.test');
select pg_temp.patient('twin', 'Ana', 'Pop', 'twins@people.test');
select pg_temp.patient('other twin', 'Ana', 'Pop', 'twins@people.test');
select pg_temp.patient('removed', 'Ioana', 'Pop', 'removed@people.test');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('removed');
select pg_temp.request('by address', '2027-03-08 08:00+02', 'Ioana Maria', 'Popescu', 'one@people.test');
select pg_temp.request('by name', '2027-03-08 09:00+02', 'STEFANIA', 'turcanu', 'family@people.test');
select pg_temp.request('by nobody', '2027-03-08 11:00+02', 'Bogdan', 'Ionescu', 'family@people.test');
select pg_temp.request('by twins', '2027-03-08 12:00+02', 'Ana', 'Pop', 'twins@people.test');
select pg_temp.request('as new', '2027-03-08 13:00+02', 'Ioana', 'Pop', 'one@people.test');
select pg_temp.request('of removed', '2027-03-08 14:00+02', 'Ioana', 'Pop', 'removed@people.test');
select pg_temp.request('named', '2027-03-08 15:00+02', 'Ioana', 'Pop', 'one@people.test');
select pg_temp.request('cedilla', '2027-03-08 16:00+02', 'Ştefania', 'Ţurcanu', 'family@people.test');

select tests.act_as('flavia');
select is(pg_temp.confirmed('by address'), tests.id('one'), 'one patient with that address, whatever its case');
select is(pg_temp.confirmed('by name'), tests.id('mother'), 'of several the one of that name, whatever case and diacritics');
select is(pg_temp.confirmed('cedilla'), tests.id('mother'), 'also with the cedilla that old keyboards write');
select * from tests.refuses($$select pg_temp.confirmed('by nobody')$$, 'CONFLICT', 'several_patients_match', 'several, and none of that name');
select is(
  (select array_agg(id::uuid order by id::uuid) from jsonb_array_elements_text(pg_temp.detail_of($$select pg_temp.confirmed('by nobody')$$) -> 'patientProfileIds') as id),
  (select array_agg(tests.id(n) order by tests.id(n)) from unnest('{mother,child}'::text[]) n), 'the ids are named for staff to choose');
select * from tests.refuses($$select pg_temp.confirmed('by twins')$$, 'CONFLICT', 'several_patients_match', 'two of the same name');
select is(pg_temp.confirmed('by twins', tests.id('other twin')), tests.id('other twin'), 'staff say which');
select is(pg_temp.confirmed('named', tests.id('child')), tests.id('child'), 'whom staff name it is, whatever the address');
select tests.remember('new one', pg_temp.confirmed('as new', as_new => true));
select is((select count(*) from app_public.patient_profiles where lower(email) = 'one@people.test'), 2::bigint, 'as a new patient there is one more');
select isnt(pg_temp.confirmed('of removed'), tests.id('removed'), 'who was removed is not matched');
select * from tests.refuses($$select pg_temp.confirmed('by nobody', tests.id('of boreal'))$$, 'NOT_FOUND', 'patient_not_found', 'a patient of another clinic cannot be named');
select * from tests.refuses($$select pg_temp.confirmed('by nobody', tests.id('removed'))$$, 'NOT_FOUND', 'patient_not_found', 'nor one who was removed');
select is((select status from app_public.booking_requests where id = tests.id('by nobody')), 'requested', 'what could not be decided waits');
select * from finish();
rollback;
