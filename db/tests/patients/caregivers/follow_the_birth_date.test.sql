-- Test: caregivers - a birth date that becomes known sets the end, and never a later one. FND-07.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('carmen', account => false, birth_date => null);
select tests.patient('mihai', account => false, birth_date => '1950-01-01');
select tests.act_as('flavia');
select tests.remember('link', (app_public.add_caregiver(tests.id('atlas'), tests.id('carmen'), 'corina@people.test', 'Corina', 'parent', 'Birth certificate')).id);
select tests.remember('link of an adult', (app_public.add_caregiver(tests.id('atlas'), tests.id('mihai'), 'corina@people.test', 'Corina', 'child', 'Power of attorney')).id);
select tests.act_as('the database');
create function pg_temp.end_of(link text) returns date language sql security definer as $$ select ends_on from app_public.caregivers where id = tests.id(link) $$;
select is(pg_temp.end_of('link'), null, 'without a birth date there is no end') from (select tests.act_as('flavia')) as f;
select lives_ok($$update app_public.patient_profiles set birth_date = '2015-05-05' where id = tests.id('carmen')$$, 'staff learn the birth date');
select is(pg_temp.end_of('link'), '2033-05-05', 'the link ends on the eighteenth birthday');
select lives_ok($$update app_public.patient_profiles set birth_date = '2014-05-05' where id = tests.id('carmen')$$, 'they correct it');
select is(pg_temp.end_of('link'), '2032-05-05', 'an earlier end is taken');
update app_public.patient_profiles set birth_date = '2026-05-05' where id = tests.id('carmen');
select is(pg_temp.end_of('link'), '2032-05-05', 'a later one is not: the caregiver could have written it');
update app_public.patient_profiles set birth_date = '1951-01-01' where id = tests.id('mihai');
select is(pg_temp.end_of('link of an adult'), null, 'who was of age keeps a link without a date');
select tests.act_as('the database');
-- Of age on the day on which the link was made; a link that was ended; somebody else's.
select tests.patient('today', account => false, birth_date => null);
select tests.patient('tomorrow', account => false, birth_date => null);
select tests.caregiver('daria', 'today'), tests.caregiver('daria', 'tomorrow'), tests.caregiver('ended', 'tomorrow');
set local session_replication_role = replica; -- when a link was made is nobody's to write
update app_public.caregivers set created_at = app_hidden.now();
set local session_replication_role = origin;
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('ended for tomorrow');
update app_public.patient_profiles set birth_date = '2009-03-01' where id = tests.id('today');
update app_public.patient_profiles set birth_date = '2009-03-02' where id = tests.id('tomorrow');
select is(pg_temp.end_of('daria for today'), null, 'eighteen on the day of the link is of age');
select is(pg_temp.end_of('daria for tomorrow'), '2027-03-02', 'a day later is not');
select is(pg_temp.end_of('ended for tomorrow'), null, 'a link that was ended stays as it was');
select is(pg_temp.end_of('link'), '2032-05-05', 'and so does that of another child');
select * from finish();
rollback;
