-- Test: tg_patient_profiles__search - another name, number, address or birthday is what somebody is found by, at every clinic; others stay as they are. FND-07.
begin;
select plan(11);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.patient('ana', account => false);
select tests.patient('bogdan', account => false);
select tests.admitted(tests.id('boreal'), tests.id('ana'));
update app_public.patient_profiles set email = null, phone = null, birth_date = null where id in (tests.id('ana'), tests.id('bogdan'));
create function pg_temp.words(person text) returns text[] language sql as $$
  select array_agg(word order by organization_id, word) from app_private.patient_search where patient_profile_id = tests.id(person);
$$;
create function pg_temp.names(clinic text) returns text[] language sql as $$
  select array_agg(word order by word) from app_private.search_words where organization_id = tests.id(clinic);
$$;
select is(pg_temp.words('ana'), '{ana,popescu,ana,popescu}', 'found at both clinics');
update app_public.patient_profiles set family_name = 'Țepeș', phone = '+40722000111', email = 'Ana@People.test', birth_date = '1985-03-14'
where id = tests.id('ana');
select is(pg_temp.words('ana'),
  array['+40722000111', '-11100022704', '=1985-03-14', '@ana@people.test', 'ana', 'tepes',
        '+40722000111', '-11100022704', '=1985-03-14', '@ana@people.test', 'ana', 'tepes'], 'otherwise from now on, at both');
select is((select array_agg(distinct text) from app_private.patient_search where word = 'tepes'),
  array[' tepes , ana ; =1985-03-14 @ana@people.test +40722000111 -11100022704'], 'and so is what stands beside each word');
select is((select array_agg(distinct text) from app_private.patient_search where word = 'ana'),
  array[' tepes , ana ; =1985-03-14 @ana@people.test +40722000111 -11100022704'], 'also beside a word that stayed');
select is(pg_temp.words('bogdan'), '{bogdan,popescu}', 'and nobody else');
select is(pg_temp.names('atlas'), '{ana,bogdan,popescu,tepes}', 'a name that somebody still has is kept');
select is(pg_temp.names('boreal'), '{ana,tepes}', 'and one that nobody has is not');
update app_public.patient_profiles set family_name = 'Pop', given_name = 'Pop' where id = tests.id('bogdan');
select is(pg_temp.words('bogdan'), '{pop}', 'a name that comes twice is one word');
select is(pg_temp.names('atlas'), '{ana,pop,tepes}', 'his former names are gone, and nobody else''s');
create temporary table before as select word, ctid as place from app_private.patient_search where patient_profile_id = tests.id('ana');
update app_public.patient_profiles set email = email where id = tests.id('ana');
select set_eq($$select word, ctid as place from app_private.patient_search where patient_profile_id = tests.id('ana')$$, 'select word, place from before', 'what is as it was is not written again');
update app_public.patient_profiles set locale = 'en' where id = tests.id('bogdan');
select is(pg_temp.words('bogdan'), '{pop}', 'what nobody is looked for by changes nothing');
select * from finish();
rollback;
