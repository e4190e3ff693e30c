-- Test: patients_by_words - who has every term, once, of this clinic alone; in the order of the words of the term that the fewest have. FND-07.
begin;
select plan(12);
create function pg_temp.patient(name text, given text, family text) returns void language sql as $$
  select tests.patient(name, account => false);
  update app_public.patient_profiles set given_name = given, family_name = family, birth_date = null where id = tests.id(name);
$$;
select tests.clinic('boreal');
select pg_temp.patient('elsewhere', 'Cq', 'Cq');
select pg_temp.patient('elsewhere too', 'Cr', 'Cr');
select tests.clinic('atlas');
select pg_temp.patient(name, given, family) from (values
  ('one', 'Ba Da', 'Cz'), ('two', 'Bz Dz', 'Ca'), ('b', 'B', 'B'), ('ba', 'Ba', 'Ba'), ('cm', 'Cm', 'Cm'), ('dm', 'Dm', 'Dm'), ('dn', 'Dn', 'Dn'), ('gone', 'Xu', 'Xu')
) as t (name, given, family);
-- Who is a patient elsewhere too.
select tests.admitted(tests.id('boreal'), tests.id('one'));
select tests.admitted(tests.id('boreal'), tests.id('gone'));
update app_public.patients set deleted_at = now() where id = tests.id('gone at atlas');
create function pg_temp.found(terms text[], whole boolean, most int default 50) returns text[] language sql as $$
  select coalesce(array_agg(p.given_name order by f.place), '{}')
  from app_private.patients_by_words(tests.id('atlas'), terms, whole, most) with ordinality as f (id, place)
  join app_public.patient_profiles p on p.id = f.id
$$;
select is(pg_temp.found('{d}', false), '{Ba Da,Dm,Dn,Bz Dz}', 'in the order of the words, each once');
select is(pg_temp.found('{d}', false, 2), '{Ba Da,Dm}', 'at most so many');
select is(pg_temp.found('{b}', true), '{B}', 'a whole word is no beginning');
select is(pg_temp.found('{cz,b}', false), '{Ba Da}', 'both begin so');
select is(pg_temp.found('{cz,b}', true), '{}', 'not both are whole words');
select is(pg_temp.found(array['cz', e'b\ncm'], true), '{}', 'nor is any of several');
select is(pg_temp.found(array['cz', e'ba\ncm'], true), '{Ba Da}', 'one of several is');
select is(pg_temp.found('{b,c}', false), '{Bz Dz,Ba Da}', 'what three of the clinic have leads before what four have');
select is(pg_temp.found('{d,c}', false), '{Bz Dz,Ba Da}', 'also before what comes later in the order of words');
select is(pg_temp.found(array[e'ba\nbz', e'ca\ncz'], true), '{Bz Dz,Ba Da}', 'whole words are counted as well');
select is(pg_temp.found('{xu}', false), '{}', 'who was removed here and is a patient elsewhere is not found');
select is(pg_temp.found('{cq}', true), '{}', 'nor is another clinic''s');
select * from finish();
rollback;
