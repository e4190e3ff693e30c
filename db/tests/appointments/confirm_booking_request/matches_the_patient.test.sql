-- Test: confirm_booking_request - a patient is taken when address and name agree; who is unclear is asked about, and staff choose. FND-34, APT-05, APT-09, FND-07.
begin;
select plan(38);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('of boreal', account => false, email => 'one@people.test');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
create function pg_temp.patient(name text, given text, family text, email text, phone text default null) returns void language sql as $$
  select tests.patient(name, account => false, email => email);
  update app_public.patient_profiles set given_name = given, family_name = family, phone = $5 where id = tests.id(name);
$$;
create function pg_temp.request(name text, at timestamptz, given text, family text, email text, phone text default '+40733000001') returns void language sql as $$
  select tests.booking_request(name, 'mondays', 'stefan', at, email);
  update app_public.booking_requests set given_name = given, family_name = family, phone = $6 where id = tests.id(name);
$$;
create function pg_temp.confirmed(request text, patient uuid default null, as_new boolean default false) returns uuid language sql as $$
  select (app_public.confirm_booking_request(tests.id(request), patient, as_new)).patient_profile_id;
$$;
create function pg_temp.candidates(statement text) returns setof text language plpgsql as $$
declare v jsonb; begin
  execute statement;
exception when others then
  get stacked diagnostics v = pg_exception_detail;
  return query
    select names.name || ' agrees ' || (c -> 'agrees')::text || ' differs ' || (c -> 'differs')::text
    from jsonb_array_elements(v -> 'candidates') as c join tests.names on names.id = (c ->> 'patientProfileId')::uuid
    where c ->> 'patientId' = (select id::text from app_public.patients where patient_profile_id = names.id)
    order by 1;
end $$;
select pg_temp.patient('one', 'Ioana Maria', 'Popescu', 'One@People.test', '+40744000001');
select pg_temp.patient('elena', 'Elena', 'Dobre', 'familie@people.test', '+40744000002');
select pg_temp.patient('mother', 'Ștefania', 'Țurcanu', 'family@people.test');
select pg_temp.patient('child', 'Matei', 'Țurcanu', 'family@people.test');
select pg_temp.patient('twin', 'Ana', 'Pop', 'twins@people.test');
select pg_temp.patient('other twin', 'Ana', 'Pop', 'twins@people.test');
select pg_temp.patient('removed', 'Ioana', 'Pop', 'removed@people.test', '+40744000009');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('removed');
select tests.patient('vlad', email => 'vlad@people.test');
update app_public.patient_profiles set given_name = 'Vlad', family_name = 'Țăranu', email = null where id = tests.id('vlad');

-- The fault as it was met: two guests with the address of a patient, and nobody named.
select pg_temp.request('matei', '2027-03-08 08:00+02', 'Matei', 'Dobre', 'familie@people.test');
select pg_temp.request('radu', '2027-03-08 09:00+02', 'Radu', 'Ene', 'familie@people.test');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.confirmed('matei')$$, 'CONFLICT', 'person_unclear', 'an address alone is nobody');
select * from tests.refuses($$select pg_temp.confirmed('radu')$$, 'CONFLICT', 'person_unclear', 'whoever gives it');
select is(array(select pg_temp.candidates($$select pg_temp.confirmed('matei')$$)), '{"elena agrees [\"address\"] differs [\"name\", \"telephone\"]"}', 'staff are told whom it may be, and what speaks for it');
select * from tests.refuses($$select pg_temp.confirmed('matei', tests.id('elena'), true)$$, 'VALIDATION', 'patient_contradicted', 'nobody is a patient and new at once');
select * from tests.refuses($$select pg_temp.confirmed('matei', uuidv7(), true)$$, 'VALIDATION', 'patient_contradicted', 'whoever is named');
select is((select status from app_public.booking_requests where id = tests.id('matei')), 'requested', 'and nothing was answered');
select tests.remember('matei dobre', pg_temp.confirmed('matei', as_new => true));
select is((select given_name || ' ' || phone from app_public.patient_profiles where id = tests.id('matei dobre')), 'Matei +40733000001', 'as a new patient it is a person of their own, with the telephone that was given');
select is(pg_temp.confirmed('radu', tests.id('elena')), tests.id('elena'), 'and whom staff name it is');
select is((select contact_phone from app_public.appointments where patient_profile_id = tests.id('elena')), '+40733000001', 'the guest''s telephone is kept with the appointment');
select is((select phone from app_public.patient_profiles where id = tests.id('elena')), '+40744000002', '… and the patient''s own is as it was');

-- Address and name.
select tests.act_as('the database');
select pg_temp.request(r.name, '2027-03-09 08:00+02'::timestamptz + r.place * interval '1 hour', r.given, r.family, r.email, '+4073300002' || r.place)
from (values
  (0, 'plain', 'STEFANIA', 'turcanu', 'family@people.test'), (1, 'cedilla', 'Ştefania', 'Ţurcanu', 'family@people.test'),
  (2, 'decomposed', normalize('Ștefania', nfd), normalize('Țurcanu', nfd), 'family@people.test'),
  (3, 'turned', 'Țurcanu', 'Ștefania', 'FAMILY@people.test'), (4, 'hyphen', 'Ioana-Maria', 'Popescu', 'one@people.test'),
  (5, 'account', 'Vlad', 'Taranu', 'vlad@people.test')) as r (place, name, given, family, email);
select tests.act_as('flavia');
select is(pg_temp.confirmed('plain'), tests.id('mother'), 'whatever case and diacritics');
select is(pg_temp.confirmed('cedilla'), tests.id('mother'), 'with the cedilla that old keyboards write');
select is(pg_temp.confirmed('decomposed'), tests.id('mother'), 'letters and marks apart');
select is(pg_temp.confirmed('turned'), tests.id('mother'), 'family name first');
select is(pg_temp.confirmed('hyphen'), tests.id('one'), 'a hyphen is a space, an address has no case');
select is(pg_temp.confirmed('account'), tests.id('vlad'), 'the address that somebody signs in with is theirs too');

-- Everything else is asked.
select tests.act_as('the database');
select pg_temp.request(r.name, '2027-03-10 08:00+02'::timestamptz + r.place * interval '1 hour', r.given, r.family, r.email, r.phone)
from (values
  (0, 'half a name', 'Ioana', 'Popescu', 'one@people.test', '+40733000040'), (1, 'nobody', 'Bogdan', 'Ionescu', 'family@people.test', '+40733000041'),
  (2, 'twins', 'Ana', 'Pop', 'twins@people.test', '+40733000042'), (3, 'same number', 'Elena', 'Dobre', 'new@people.test', '+40744000002'),
  (4, 'household', 'Ion', 'Dobre', 'ion@people.test', '+40744000002'), (5, 'persona', 'Radu', 'Ene', 'vlad@people.test', '+40733000045'),
  (6, 'of removed', 'Ioana', 'Pop', 'removed@people.test', '+40744000009'), (7, 'namesake', 'Ana', 'Pop', 'ana.pop@people.test', '+40733000047')) as r (place, name, given, family, email, phone);
select tests.act_as('flavia');
select is(array(select pg_temp.candidates(format('select pg_temp.confirmed(%L)', name))), candidates::text[], name)
from (values
  ('half a name', '{"one agrees [\"address\"] differs [\"name\", \"telephone\"]"}'),
  ('nobody', '{"child agrees [\"address\"] differs [\"name\"]","mother agrees [\"address\"] differs [\"name\"]"}'),
  ('twins', '{"other twin agrees [\"address\", \"name\"] differs []","twin agrees [\"address\", \"name\"] differs []"}'),
  ('same number', '{"elena agrees [\"name\", \"telephone\"] differs [\"address\"]"}'),
  ('household', '{"elena agrees [\"telephone\"] differs [\"address\", \"name\"]"}'),
  ('persona', '{"vlad agrees [\"address\"] differs [\"name\", \"telephone\"]"}')) as unclear (name, candidates);
select * from tests.refuses($$select pg_temp.confirmed('twins')$$, 'CONFLICT', 'person_unclear', 'two of the same name and address');
select is(pg_temp.confirmed('twins', tests.id('other twin')), tests.id('other twin'), 'staff say which');
select isnt(pg_temp.confirmed('of removed'), tests.id('removed'), 'who was removed is not matched');
select is((select count(*) from app_public.patient_profiles where email = 'ana.pop@people.test'), 0::bigint, 'a name alone …');
select isnt_empty($$select pg_temp.confirmed('namesake')$$, '… is a namesake, and no reason to ask');
select is((select count(*) from app_public.patient_profiles where email = 'ana.pop@people.test'), 1::bigint, '… but a new patient');
select * from tests.refuses($$select pg_temp.confirmed('nobody', tests.id('of boreal'))$$, 'NOT_FOUND', 'patient_not_found', 'a patient of another clinic cannot be named');
select * from tests.refuses($$select pg_temp.confirmed('nobody', tests.id('removed'))$$, 'NOT_FOUND', 'patient_not_found', 'nor one who was removed');
select is((select status from app_public.booking_requests where id = tests.id('nobody')), 'requested', 'what could not be decided waits');
select * from finish();
rollback;
