-- Test: search_patients - whole words come before beginnings and those before what is similar; who is probably registered twice is flagged. FND-07, FND-34.
begin;
select plan(11);
select tests.clinic('boreal');
select tests.patient('elsewhere', account => false);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient(name, account => false) from unnest('{pop,popescu,twin,change,child,son,popsecu,far}'::text[]) as name;
select tests.act_as('the database');
update app_public.patient_profiles set given_name = g, family_name = f, email = e, phone = p, birth_date = b::date
from (values
  ('pop', 'Ioana Maria', 'Pop', 'pop@people.test', '+40722000001', '1985-03-14'),
  ('popescu', 'Ana', 'Popescu', 'ana@people.test', '+40722000002', '1990-01-01'),
  ('twin', 'Maria-Ioana', 'Pop', null, null, '1985-03-14'),
  ('change', 'Ana', 'Ionescu', 'Ana@people.test', '+40722000002', null),
  ('child', 'Ana', 'Popescu', 'ana@people.test', '+40722000002', '2015-05-05'),
  ('son', 'Dan', 'Popescu', 'ana@people.test', '+40722000002', '2018-05-05'),
  ('popsecu', 'Vlad', 'Popsecu', null, null, null),
  ('far', 'Vlad', 'Grigorescu', null, null, null),
  ('elsewhere', 'Ioana Maria', 'Pop', 'pop@people.test', '+40722000001', '1985-03-14')
) as t (name, g, f, e, p, b)
where id = tests.id(name);
create function pg_temp.found(query text) returns text[] language sql as $$
  select array_agg(case when s.is_similar then '~' else '' end || p.family_name || ' ' || p.given_name order by s.n)
  from app_public.search_patients(tests.id('atlas'), query) with ordinality as s (id, patient_profile_id, is_similar, duplicate_ids, n)
  join app_public.patient_profiles p on p.id = s.patient_profile_id
$$;
create function pg_temp.twins(query text, name text) returns text[] language sql as $$
  select (select array_agg(p.family_name || ' ' || p.given_name order by p.given_name collate "C")
          from unnest(duplicate_ids) as twin join app_public.patients on patients.id = twin
          join app_public.patient_profiles p on p.id = patients.patient_profile_id)
  from app_public.search_patients(tests.id('atlas'), query) where patient_profile_id = tests.id(name)
$$;

select tests.act_as('flavia');
select is(pg_temp.found('pop'), '{Pop Ioana Maria,Pop Maria-Ioana,Popescu Ana,Popescu Ana,Popescu Dan,Popsecu Vlad}', 'the name itself first, then what begins so');
select is(pg_temp.found('popescu'), '{Popescu Ana,Popescu Ana,Popescu Dan,~Pop Ioana Maria,~Pop Maria-Ioana,~Popsecu Vlad}', 'what is only like it last, and what is far from it not at all');
select is(pg_temp.found('ana'), '{Ionescu Ana,Popescu Ana,Popescu Ana}', 'a given name');
select is(pg_temp.found('an pop'), '{Popescu Ana,Popescu Ana}', 'two beginnings in any order');
select is(pg_temp.found('maria pop'), '{Pop Ioana Maria,Pop Maria-Ioana}', 'two whole words');
select is(pg_temp.twins('pop', 'pop'), '{Pop Maria-Ioana}', 'one name and one birthday are one person, of this clinic alone');
select is(pg_temp.twins('pop', 'twin'), '{"Pop Ioana Maria"}', 'either way round');
select is(pg_temp.twins('popescu ana 1990', 'popescu'), '{Ionescu Ana}', 'given name, address and number are one person; with another birthday they are a child');
select is(pg_temp.twins('popescu', 'son'), null, 'a family has its address in common');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('twin');
select tests.act_as('flavia');
select is(pg_temp.twins('pop', 'pop'), null, 'who was removed is nobody''s duplicate');
select is((select count(*) from app_public.likely_duplicates(tests.id('atlas')), unnest(pairs) as pair
           where tests.id('popescu') in (pair.patient_profile_id, pair.other_patient_profile_id)),
          1::bigint, 'likely_duplicates says the same');
select * from finish();
rollback;
