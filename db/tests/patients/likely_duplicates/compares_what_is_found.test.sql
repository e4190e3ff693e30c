-- Test: likely_duplicates - each way of finding finds among many; what only resembles is no pair; removed ones are none. FND-34.
begin;
select plan(2);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
create function pg_temp.patient(name text, given text, family text, email text default null, phone text default null, birth date default null) returns void language sql as $$
  select tests.patient(name, account => false);
  update app_public.patient_profiles set given_name = given, family_name = family, email = $4, phone = $5, birth_date = birth where id = tests.id(name);
$$;
-- Registered before anybody else: more than one way of finding looks at, and one who was removed.
select pg_temp.patient('stranger ' || n, 'Stranger', chr(64 + n) || 'escu') from generate_series(1, 25) n;
select pg_temp.patient('removed', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01');
update app_public.patients set deleted_at = now() where id = tests.id('removed at atlas');
select pg_temp.patient(r, g, f, e, p, b) from (values
  ('elena', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01'::date),
  ('by address', 'Elena', 'Dobre', 'elena@people.test', '+40744000002', null), ('by number', 'Elena', 'Dobre', 'second@people.test', '+40744000001', null),
  ('by birthday', 'Elena', 'Dobre', null, null, '1980-01-01'), ('by maiden name', 'Elena', 'Ene', 'elena@people.test', '+40744000001', null),
  -- One name and address, born on two days; one given name and address, and another number.
  ('daughter', 'Elena', 'Dobre', 'elena@people.test', null, '2005-01-01'), ('aunt', 'Elena', 'Ion', 'elena@people.test', '+40744000009', null)
) as t (r, g, f, e, p, b);
create function pg_temp.pairs() returns setof text language sql as $$
  select format('%s = %s: %s, not %s', one.name, other.name, pair.agrees, pair.differs)
  from unnest((app_public.likely_duplicates(tests.id('atlas'))).pairs) with ordinality as pair
  join tests.names as one on one.id = pair.patient_profile_id
  join tests.names as other on other.id = pair.other_patient_profile_id
  order by pair.ordinality
$$;
select tests.act_as('flavia');
select results_eq($$select * from pg_temp.pairs()$$, $$values
  ('daughter = by address: {address,name}, not {}'),
  ('by maiden name = elena: {address,telephone}, not {name}'),
  ('by birthday = elena: {name,birthday}, not {}'),
  ('by number = elena: {name,telephone}, not {address}'),
  ('by address = elena: {address,name}, not {telephone}')$$, 'each with whom it agrees with, and no more');
select is((app_public.likely_duplicates(tests.id('atlas'))).continue_before, null, 'that is all');
select * from finish();
rollback;
