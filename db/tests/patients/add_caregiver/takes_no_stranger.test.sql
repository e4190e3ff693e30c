-- Test: add_caregiver - of an address that somebody signs in with the name must agree too: a slip shows no stranger the record. FND-34, FND-07.
begin;
select plan(11);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.person('a stranger', email => 'corina.pop@people.test');
update app_public.humans set display_name = 'Bogdan Ene' where principal_id = tests.id('a stranger');
create function pg_temp.add(name text, email text default 'corina.pop@people.test') returns uuid language sql as $$
  select (app_public.add_caregiver(tests.id('atlas'), tests.id('carmen'), email, name, 'parent', 'Birth certificate seen')).human_id;
$$;
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.add('Corina Pop')$$, 'CONFLICT', 'person_unclear', 'the account is of another name');
select * from tests.refuses($$select pg_temp.add('')$$, 'CONFLICT', 'person_unclear', 'nor does no name at all agree');
select tests.act_as('a stranger');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'the stranger sees nobody');
select tests.act_as('the database');
update app_public.humans set display_name = 'Corina-Ștefania Pop' where principal_id = tests.id('a stranger');
select tests.act_as('flavia');
select is(pg_temp.add('POP Corina Stefania'), (select principal_id from tests.personas where name = 'a stranger'), 'case, marks and order do not count');
select isnt(pg_temp.add('Dan Pop', 'dan.pop@people.test'), null, 'who has no account yet is named as before');
select is((select count(*) from app_public.caregivers), 2::bigint, 'two links');

-- Accounts that say nothing about the address: nobody proved it, the provider holds it elsewhere, or it was let go of.
select tests.act_as('the database');
select tests.person('unproved', email => 'unproved@people.test'), tests.person('elsewhere', email => 'elsewhere@people.test'), tests.person('closed', email => 'closed@people.test');
update app_public.humans set email_verified_at = null where principal_id = tests.id('unproved');
update app_public.humans set provider_org_id = 'org_1' where principal_id = tests.id('elsewhere');
update app_public.humans set closed_at = now() where principal_id = tests.id('closed');
select tests.act_as('flavia');
select is(pg_temp.add('Ema Pop', 'unproved@people.test'), (select principal_id from tests.personas where name = 'unproved'), 'whoever was only named by it may have been named otherwise');
select isnt(pg_temp.add('Ema Pop', n || '@people.test'), (select principal_id from tests.personas where name = n), n || ': somebody new') from unnest('{elsewhere,closed}'::text[]) n;
select * from finish();
rollback;
