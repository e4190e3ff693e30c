-- Test: likely_duplicates - pairs of a clinic's patients of whom the name and one more fact agree, or given name, address and number; newest first, a page at a time. FND-34.
begin;
select plan(18);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
create function pg_temp.patient(name text, given text, family text, email text default null, phone text default null, birth date default null) returns void language sql as $$
  select tests.patient(name, account => false);
  update app_public.patient_profiles set given_name = given, family_name = family, email = $4, phone = $5, birth_date = birth where id = tests.id(name);
$$;
select pg_temp.patient('elsewhere', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bianca', 'billing');
select pg_temp.patient('elena', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01');
select pg_temp.patient('by address', 'DOBRE', 'Elena', 'Elena@people.test');
select pg_temp.patient('by number', 'Elena', 'Dobre', null, '+40744000001');
select pg_temp.patient('by birthday', 'Elena', 'Dobre', 'other@people.test', null, '1980-01-01');
select pg_temp.patient('child', 'Matei', 'Dobre', 'elena@people.test', '+40744000001', '2015-01-01');
select pg_temp.patient('maiden name', 'Elena', 'Ene', 'elena@people.test', '+40744000001');
select pg_temp.patient('husband', 'Ion', 'Dobre', null, '+40744000001');
select pg_temp.patient('namesake', 'Elena', 'Dobre', 'namesake@people.test', '+40744000009', '1990-01-01');
select pg_temp.patient('removed', 'Elena', 'Dobre', 'elena@people.test', '+40744000001', '1980-01-01');
update app_public.patients set deleted_at = now() where id = tests.id('removed at atlas');
create function pg_temp.pairs(clinic text default 'atlas', before uuid default null) returns setof text language sql as $$
  select format('%s = %s: %s, not %s', one.name, other.name, pair.agrees, pair.differs)
  from unnest((app_public.likely_duplicates(tests.id(clinic), before)).pairs) with ordinality as pair
  join tests.names as one on one.id = pair.patient_profile_id
  join tests.names as other on other.id = pair.other_patient_profile_id
  order by pair.ordinality
$$;
select tests.act_as('flavia');
select results_eq(
  $$select * from pg_temp.pairs()$$,
  $$values
    ('maiden name = elena: {address,telephone}, not {name}'),
    ('by birthday = elena: {name,birthday}, not {address}'),
    ('by number = elena: {name,telephone}, not {}'),
    ('by address = elena: {address,name}, not {}')$$,
  'whoever is probably one person; not the child, the husband, a namesake, who was removed, or another clinic''s');
select is(
  (select (pairs[1].patient_id, pairs[1].other_patient_id) from app_public.likely_duplicates(tests.id('atlas'))),
  (tests.id('maiden name at atlas'), tests.id('elena at atlas')), 'the ids that mergePatients takes, the later registered first');
select is((select continue_before from app_public.likely_duplicates(tests.id('atlas'))), null, 'nobody was registered earlier');
select results_eq(
  $$select * from pg_temp.pairs(before => tests.id('by birthday at atlas'))$$,
  $$values ('by number = elena: {name,telephone}, not {}'), ('by address = elena: {address,name}, not {}')$$, 'a page begins where the last one ended');
select tests.act_as('beata');
select is_empty($$select * from pg_temp.pairs('boreal')$$, 'a clinic sees its own');
select * from tests.refuses($$select app_public.likely_duplicates(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', '… and no other');
select tests.act_as('bianca');
select * from tests.refuses($$select app_public.likely_duplicates(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'who may not see patients sees no duplicates');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.likely_duplicates(uuidv7())$$, '42501', null, 'nor does a visitor');

-- A page is bounded, also where a whole village has one number.
select tests.act_as('the database');
with people as (
  insert into app_public.patient_profiles (given_name, family_name, phone)
  select 'Ana', 'Pop', '+40744111111' from generate_series(1, 201) returning id
)
insert into app_public.patients (organization_id, patient_profile_id) select tests.id('atlas'), people.id from people;
select tests.act_as('flavia');
select is((select cardinality(pairs) from app_public.likely_duplicates(tests.id('atlas'))), 990, 'five pairs a patient at most, fewer where fewer came before');
select is(
  (select continue_before from app_public.likely_duplicates(tests.id('atlas'))),
  (select id from app_public.patients order by id desc offset 199 limit 1), 'after 200 patients the next page is named');
select is(
  (select cardinality(later.pairs) from app_public.likely_duplicates(tests.id('atlas')) as page,
   lateral app_public.likely_duplicates(tests.id('atlas'), page.continue_before) as later), 4, '… and has the rest');
select tests.act_as('the database');
select isnt_empty($$select from pg_indexes where indexname in ('patient_profiles_phone_idx') and indexdef like '%(phone)%'$$, 'numbers are found by index');
select isnt_empty($$select from pg_indexes where indexname in ('patient_profiles_birth_date_idx') and indexdef like '%(birth_date)%'$$, 'birthdays too');
select isnt_empty($$select from pg_indexes where indexname in ('patient_profiles_email_idx') and indexdef like '%lower(email)%'$$, 'addresses too');
select is((select bool_and(name_key = 'dobre elena') from unnest('{"Elena Dobre","DOBRE, Elena","dobre-elena"}'::text[]) n, app_private.name_key(n) as name_key), true, 'one key for the spellings of a name');
select * from finish();
rollback;
