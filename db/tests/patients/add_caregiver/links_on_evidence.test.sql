-- Test: add_caregiver - a link has evidence, an author and, for a minor, an end. FND-02, FND-07.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.patient('mihai', account => false, birth_date => '1950-01-01');
select tests.patient('born today 18 years ago', account => false, birth_date => '2009-03-01');
create function pg_temp.add(patient text, email text default 'Corina@People.test') returns app_public.caregivers language sql as $$
  select app_public.add_caregiver(tests.id('atlas'), tests.id(patient), email, 'Corina Pop', 'parent', 'Birth certificate seen');
$$;
select tests.act_as('flavia');
select tests.remember('link', (pg_temp.add('carmen')).id);
select results_eq(
  $$select relationship, app_public.caregivers_evidence(caregivers), added_by, ends_on, revoked_at from app_public.caregivers where id = tests.id('link')$$,
  $$values ('parent', 'Birth certificate seen', tests.id('flavia'), date '2036-09-20', null::timestamptz)$$,
  'for a child it ends on the eighteenth birthday');
select is((pg_temp.add('mihai')).ends_on, null, 'for an adult it has no date');
select is((pg_temp.add('born today 18 years ago')).ends_on, null, 'who is eighteen today is an adult');
select tests.act_as('the database');
select results_eq(
  $$select h.email, h.display_name, count(*) from app_public.caregivers c join app_public.humans h on h.principal_id = c.human_id group by 1, 2$$,
  $$values ('corina@people.test', 'Corina Pop', 3::bigint)$$, 'the three links are of one human');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.add('carmen')$$, 'CONFLICT', 'already_a_caregiver', 'a link that stands is not made again');
select isnt((pg_temp.add('carmen', 'dad@people.test')).id, null, 'a second caregiver is');

select tests.act_as('the database');
select tests.freeze_time('2036-09-20 08:00+03');
select tests.patient('carla', account => false, birth_date => '2018-09-20');
insert into app_public.caregivers (patient_profile_id, human_id, relationship, ends_on, revoked_at)
select tests.id(profile), human_id, 'parent', ends_on, other.revoked_at
from app_public.caregivers link, (values ('carla', null), ('carmen', timestamptz '2027-02-01 08:00+02')) as other (profile, revoked_at)
where link.id = tests.id('link');
create temporary table others as select id, revoked_at from app_public.caregivers where id <> tests.id('link');
select tests.act_as('flavia');
select tests.remember('new link', (pg_temp.add('carmen')).id);
select isnt(tests.id('new link'), tests.id('link'), 'who cared for the minor may go on for the adult, on a new link');
select is((select ends_on from app_public.caregivers where id = tests.id('new link')), null, 'that has no date');
select isnt((select revoked_at from app_public.caregivers where id = tests.id('link')), null, 'the old one is closed');
select tests.act_as('the database');
select set_eq($$select id, revoked_at from app_public.caregivers where id not in (tests.id('link'), tests.id('new link'))$$, 'select * from others',
  'no other is: of somebody else, to somebody else, or closed before');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.add('carmen')$$, 'CONFLICT', 'already_a_caregiver', 'and the new one stands');
select tests.act_as('the database');
select tests.patient('vera', birth_date => '1960-01-01');
select tests.act_as('vera');
select is((pg_temp.add('vera')).added_by, (select principal_id from tests.personas where name = 'vera'),
  'a patient with an account names a caregiver of their own');
select * from finish();
rollback;
