-- Test: likely_duplicates - each way of finding finds among many; what only resembles is no pair; removed ones are none. FND-34.
begin;
select plan(5);
create function pg_temp.patient(name text, given text, family text, email text default null, phone text default null, birth date default null) returns void language sql as $$
  select tests.patient(name, account => false);
  update app_public.patient_profiles set given_name = given, family_name = family, email = $4, phone = $5, birth_date = birth where id = tests.id(name);
$$;
-- Another clinic's, who have an address of this one's patients.
select tests.clinic('boreal');
select pg_temp.patient('far ' || n, 'Far', chr(64 + n) || 'escu', 'elena@people.test') from generate_series(1, 25) n;
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
-- Registered before anybody else: more than one way of finding looks at, and one who was removed.
select pg_temp.patient('stranger ' || n, 'Stranger', chr(64 + n) || 'escu') from generate_series(1, 25) n;
select pg_temp.patient('removed', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01');
update app_public.patients set deleted_at = now() where id = tests.id('removed at atlas');
select pg_temp.patient(r, g, f, e, p, b) from (values
  ('elena', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01'::date),
  ('by address', 'Elena', 'Dobre', 'elena@people.test', '+40744000002', null), ('by number', 'Elena', 'Dobre', 'second@people.test', '+40744000001', null),
  ('by birthday', 'Elena', 'Dobre', null, null, '1980-01-01'), ('by maiden name', 'Elena', 'Ene', 'elena@people.test', '+40744000001', null),
  -- One name and address, born on two days; one given name and address, and another number.
  ('daughter', 'Elena', 'Dobre', 'elena@people.test', null, '2005-01-01'), ('aunt', 'Elena', 'Ion', 'elena@people.test', '+40744000009', null),
  ('cousin', 'Elena', 'Sava', 'elena@people.test', null, null)
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
select results_eq(
  $$select one.name, other.name
    from app_public.search_patients(tests.id('atlas'), 'elena') as match
    cross join unnest(match.duplicate_ids) as duplicate_id
    join app_public.patients on patients.id = duplicate_id
    join tests.names as one on one.id = match.patient_profile_id
    join tests.names as other on other.id = patients.patient_profile_id
    order by one.name, other.name$$,
  $$select one.name, other.name
    from unnest((app_public.likely_duplicates(tests.id('atlas'))).pairs) as pair
    cross join lateral (values (pair.patient_profile_id, pair.other_patient_profile_id), (pair.other_patient_profile_id, pair.patient_profile_id)) as way (one_id, other_id)
    join tests.names as one on one.id = way.one_id
    join tests.names as other on other.id = way.other_id
    order by one.name, other.name$$, 'a search flags the same pairs, from both sides');
select tests.act_as('the database');
select results_eq($$select patient_profile_id, duplicate_ids from app_private.duplicates_among(tests.id('atlas'), array[tests.id('by birthday'), tests.id('cousin')])$$,
  $$values (tests.id('by birthday'), array[tests.id('elena at atlas')])$$, '… of those who were asked about');
select isnt(app_private.is_one_person(address => false, name => true, given_name => true, telephone => null, birthday => null), true, 'a name alone is not one person');
select * from finish();
rollback;
