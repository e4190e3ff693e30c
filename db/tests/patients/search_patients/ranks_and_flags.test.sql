-- Test: search_patients - whole words come before beginnings and those before what is similar; who is probably registered twice is flagged. FND-07, FND-34.
begin;
select plan(18);
select tests.clinic('boreal');
select tests.patient('elsewhere', account => false);
select tests.patient('stray', account => false);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient(name, account => false) from unnest('{pop,popescu,twin,change,child,son,popsecu,far,mihaela,mihaiela,dora,dorata}'::text[]) as name;
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
  ('mihaela', 'Mihaela', 'Zota', null, null, null),
  ('mihaiela', 'Mihaiela', 'Albu', null, null, null),
  ('dora', 'Dora', 'Zota', null, null, null),
  ('dorata', 'Dorata', 'Albu', null, null, null),
  ('stray', 'Vlad', 'Grigoreanu', null, null, null),
  ('elsewhere', 'Ioana Maria', 'Pop', 'pop@people.test', '+40722000001', '1985-03-14')
) as t (name, g, f, e, p, b)
where id = tests.id(name);
-- Of two clinics, and once in each.
select tests.admitted(tests.id('boreal'), tests.id('twin'));
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
select is(pg_temp.found('dora'), '{Zota Dora,Albu Dorata}', 'every whole word comes before a beginning')
union all select is(pg_temp.found('mihael'), '{Zota Mihaela,~Albu Mihaiela}', 'and every beginning before what is similar');
select is(pg_temp.found('maria pop'), '{Pop Ioana Maria,Pop Maria-Ioana}', 'two whole words');
select is(pg_temp.twins('pop', 'pop'), '{Pop Maria-Ioana}', 'one name and one birthday are one person, of this clinic alone');
select is(pg_temp.twins('pop', 'twin'), '{"Pop Ioana Maria"}', 'either way round');
select is(pg_temp.twins('popescu ana 1990', 'popescu'), '{Ionescu Ana}', 'given name, address and number are one person; with another birthday they are a child');
select is(pg_temp.twins('popescu', 'son'), null, 'a family has its address in common');
select is((select duplicate_ids from app_public.search_patients(tests.id('atlas'), 'pop') where patient_profile_id = tests.id('pop')),
  array[tests.id('twin at atlas')], 'a duplicate is named by its id of this clinic');
select tests.act_as('the database');
select is(app_private.similar_terms(tests.id('atlas'), '{grigoresku,+40722}'), array[e'grigoresku\ngrigorescu', '+40722'], 'names of the clinic are similar, and names alone');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('twin');
select tests.act_as('flavia');
select is((select duplicate_ids from app_public.search_patients(tests.id('atlas'), 'pop') where patient_profile_id = tests.id('pop')), '{}', 'who was removed is nobody''s duplicate');
select is((select count(*) from app_public.likely_duplicates(tests.id('atlas')), unnest(pairs) as pair
           where tests.id('popescu') in (pair.patient_profile_id, pair.other_patient_profile_id)),
          1::bigint, 'likely_duplicates says the same');

-- What is similar is looked for while fewer than ten were found.
select tests.act_as('the database');
select tests.patient('zamfir ' || n, account => false) from generate_series(1, 10) n;
update app_public.patient_profiles set given_name = 'Zeno', family_name = 'Zamfir' where id in (select tests.id('zamfir ' || n) from generate_series(1, 9) n);
update app_public.patient_profiles set given_name = 'Zeno', family_name = 'Zamfr' where id = tests.id('zamfir 10');
create function pg_temp.zamfirs() returns text language sql as $$
  select concat_ws(' ', count(*) filter (where not is_similar), count(*) filter (where is_similar)) from app_public.search_patients(tests.id('atlas'), 'zamfi')
$$;
select tests.act_as('flavia');
select is(pg_temp.zamfirs(), '9 1', 'beside nine');
select tests.act_as('the database');
select tests.patient('zamfir 11', account => false);
update app_public.patient_profiles set given_name = 'Zeno', family_name = 'Zamfir' where id = tests.id('zamfir 11');
select tests.act_as('flavia');
select is(pg_temp.zamfirs(), '10 0', 'and not beside ten');
select tests.act_as('the database');
select tests.patient('zoltan ' || n, account => false) from generate_series(1, 6) as n;
update app_public.patient_profiles set given_name = case when id = tests.id('zoltan 6') then 'Zoltam' else 'Zoltan' end, family_name = 'Kis'
where id in (select tests.id('zoltan ' || n) from generate_series(1, 6) as n);
select tests.act_as('flavia');
select is(pg_temp.found('zoltan'), '{Kis Zoltan,Kis Zoltan,Kis Zoltan,Kis Zoltan,Kis Zoltan,~Kis Zoltam}', 'five are few: who has the whole word counts once');
select * from finish();
rollback;
