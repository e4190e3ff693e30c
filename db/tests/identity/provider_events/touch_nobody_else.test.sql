-- Test: update_identity, end_identity, end_provider_membership, sessions_over, first_sign_in - what one provider tells of
-- one sign-in is about that person at that clinic, and about what changed there. FND-03, FND-25, FND-04.
begin;
select plan(41);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
-- Another provider calls somebody else by the same subject; it knew its own first.
select tests.staff('the other ana', 'admin');
update app_private.identities set issuer = 'https://elsewhere', subject = 'ana', provider_name = 'Other', provider_locale = 'ro' where subject = 'the other ana';
select tests.staff('ana', 'admin', 'boreal');
select tests.staff('ana', 'admin', 'atlas');
update app_private.identities set provider_name = 'Ana', provider_locale = 'ro' where issuer = 'https://tests' and subject = 'ana';
select tests.person('invited');
update app_public.humans set email_verified_at = null, display_name = 'Who Was Named' where principal_id = tests.id('invited');
select tests.person('root', superadmin => true);
create function pg_temp.others() returns jsonb language sql as $$
  select jsonb_agg(to_jsonb(r) order by to_jsonb(r)::text) from (
    select to_jsonb(h) from app_public.humans h where principal_id <> tests.id('ana') union all
    select to_jsonb(i) from app_private.identities i where principal_id <> tests.id('ana') union all
    select to_jsonb(p) from app_public.principals p where id <> tests.id('ana') union all
    select to_jsonb(m) from app_public.memberships m where human_id <> tests.id('ana') or organization_id = tests.id('boreal')) as r;
$$;
create temporary table before as select pg_temp.others() as others;
create function pg_temp.told(minute int, email text default null, name text default 'Ana', verified boolean default true, locale text default 'ro', banned boolean default false)
returns text language sql as $$
  select app_hidden.update_identity('https://tests', 'ana', '2027-03-01 08:00+02'::timestamptz + minute * interval '1 minute', email, verified, name, locale, banned);
$$;
create function pg_temp.ana() returns text language sql as $$
  select concat_ws('|', email, display_name, locale, to_char(email_verified_at at time zone 'UTC', 'HH24:MI')) from app_public.humans where principal_id = tests.id('ana');
$$;
create function pg_temp.alone(what text) returns text language sql as $$ select is(pg_temp.others(), (select others from before), what) $$;

-- A name, a language, an address.
select is(pg_temp.told(1, name => 'Ana Pop'), 'applied', 'she is called otherwise');
select is(pg_temp.ana(), 'ana@people.test|Ana Pop|ro|06:00', '… here too');
select pg_temp.alone('and nobody else is');
update app_public.humans set display_name = 'Doamna Ana' where principal_id = tests.id('ana');
select is(pg_temp.told(2, name => 'Ana Pop', locale => 'en'), 'applied', 'the provider tells another language, and her name again');
select is(pg_temp.ana(), 'ana@people.test|Doamna Ana|en|06:00', 'the language is taken; what she calls herself here stays');
update app_public.humans set locale = 'ro' where principal_id = tests.id('ana');
select is(pg_temp.told(3, name => 'Ana Maria', locale => 'en'), 'applied', 'another name, and the language again');
select is(pg_temp.ana(), 'ana@people.test|Ana Maria|ro|06:00', 'the name is taken; her language here stays');
select tests.freeze_time('2027-03-01 09:00+02');
select is(pg_temp.told(4, 'ana@people.test', 'Ana Maria', locale => 'en'), 'applied', 'all of it again');
select is((select updated_at from app_public.humans where principal_id = tests.id('ana')), '2027-03-01 08:00+02', 'writes nothing');
select is(pg_temp.ana(), 'ana@people.test|Ana Maria|ro|06:00', 'the address was verified when it was');
select is(pg_temp.told(5, ' ', 'Ana Maria', locale => 'en'), 'applied', 'a blank address is none');
select is(pg_temp.ana(), 'ana@people.test|Ana Maria|ro|06:00', '… and takes none away');
update app_public.humans set email_verified_at = null where principal_id = tests.id('ana');
select is(pg_temp.told(6, 'ana@people.test', 'Ana Maria', locale => 'en'), 'applied', 'an address that she has, verified now');
select is(pg_temp.ana(), 'ana@people.test|Ana Maria|ro|07:00', 'is verified here');

-- Addresses of other kinds of people are free.
insert into app_public.principals (kind) values ('human'), ('human');
insert into app_public.humans (principal_id, email, display_name, provider_org_id)
select id, 'of.an.organization@people.test', 'Of An Organization', 'org_1' from app_public.principals p where not exists (select from app_public.humans h where h.principal_id = p.id) limit 1;
insert into app_public.humans (principal_id, email, display_name, closed_at)
select id, 'closed@people.test', 'Closed', now() from app_public.principals p where not exists (select from app_public.humans h where h.principal_id = p.id) limit 1;
truncate before;
insert into before select pg_temp.others();
select is(pg_temp.told(7, 'of.an.organization@people.test', 'Ana Maria', locale => 'en'), 'applied', 'what somebody of a provider''s organization has is another account');
select is(pg_temp.told(8, 'closed@people.test', 'Ana Maria', locale => 'en'), 'applied', 'a closed account has let go of its address');
select is(pg_temp.ana(), 'closed@people.test|Ana Maria|ro|07:00', 'it is hers');
select is(pg_temp.told(9, 'olga@people.test', 'Ana Maria', locale => 'en'), 'email_conflict', 'an open one has not');
select is(pg_temp.told(10, name => 'Ana Maria', banned => true), 'applied', 'she is banned');
select pg_temp.alone('all of that was about nobody else');

-- Sockets.
create function pg_temp.over(issuer text default 'https://tests', subject text default 'ana') returns text language sql as $$
  select reason from app_hidden.sessions_over(array[issuer], array[subject], '{s}', '{null}');
$$;
select is(pg_temp.over(), 'account_disabled', 'her sockets close');
select is(pg_temp.over('https://elsewhere'), null, 'the other''s do not');
select is(pg_temp.over(subject => 'olga'), null, 'nor does olga''s');
update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('olga');
select is(pg_temp.over(subject => 'olga'), 'account_disabled', 'it does once an operator closed the account');
update app_public.principals set disabled_at = null where id = tests.id('olga');
select pg_temp.told(11, name => 'Ana Maria');

-- Leaving the clinic's organization.
select tests.act_as('root');
select app_public.map_provider_organization(tests.id('boreal'), 'https://tests', 'org_boreal'), app_public.map_provider_organization(tests.id('atlas'), 'https://tests', 'org_atlas');
select tests.act_as('the database');
update app_public.memberships set ended_at = null where human_id = tests.id('ana') and organization_id = tests.id('atlas');
create function pg_temp.left_at(at timestamptz, subject text default 'ana', org text default 'org_atlas') returns text language sql as $$
  select app_hidden.end_provider_membership('https://tests', org, subject, at);
$$;
truncate before;
insert into before select pg_temp.others();
select is(pg_temp.left_at('2027-03-01 08:59+02'), 'stale', 'told of a minute before her membership was written');
select is(pg_temp.left_at('2027-03-01 09:00+02'), 'applied', 'at that very moment it is no older');
select isnt((select ended_at from app_public.memberships where human_id = tests.id('ana') and organization_id = tests.id('atlas')), null, 'she left');
select pg_temp.alone('this clinic, and nobody else did');
-- Who is no owner may leave a clinic whose owner is gone.
update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('olga');
update app_private.identities set issuer = 'https://tests', subject = 'adela' where issuer = 'https://elsewhere';
select is(pg_temp.left_at('2027-03-01 10:00+02', 'adela'), 'applied', 'beside an owner with a closed account an admin leaves');
select is(pg_temp.left_at('2027-03-01 10:00+02', 'olga'), 'last_owner', '… and the owner does not');
select is(pg_temp.left_at('2027-03-01 10:00+02', 'ana', 'org_boreal'), 'applied', 'so does one of a clinic without any');
update app_public.principals set disabled_at = null where id = tests.id('olga');
update app_private.identities set issuer = 'https://elsewhere', subject = 'ana' where subject = 'adela';

-- The end of a sign-in, while somebody else is banned.
update app_private.identities set banned_at = app_hidden.now() where principal_id = tests.id('olga');
truncate before;
insert into before select pg_temp.others();
select is(app_hidden.end_identity('https://tests', 'ana'), 'applied', 'her sign-in is deleted');
select is((select array_agg(display_name) from app_public.humans where closed_at is not null and display_name <> 'Closed'), '{"Ana Maria"}', 'her address is free: the ban of another keeps nothing closed');
select pg_temp.alone('nobody else''s sign-in ended');

-- First sign-ins. The second of two finds what the first made; a mark of the provider makes nobody.
select is(app_private.first_sign_in('https://tests', 'olga', 'any@people.test', null, 'X', 'ro'), tests.id('olga'), 'who came a moment ago is found, whatever else is told');
select is((select count(*) from app_public.humans where email = 'any@people.test'), 0::bigint, '… and nobody is made');
select app_hidden.end_identity('https://tests', 'deleted before');
select * from tests.refuses($$select app_private.first_sign_in('https://tests', 'deleted before', 'late@people.test', true, 'Late', 'ro')$$,
  'UNAUTHENTICATED', 'account_disabled', 'whose sign-in was deleted while it came in');
select isnt(app_private.first_sign_in('https://tests', 'long', repeat('x', 64) || '@' || repeat(repeat('y', 60) || '.', 3) || 'ro', true, '🙂', 'ro'), null, 'who has a long address and no name that can be read signs in');
select is(
  (select display_name from app_public.humans where email like 'xxxx%'), left(repeat('x', 64) || '@' || repeat(repeat('y', 60) || '.', 3) || 'ro', 200), 'called by as much of it as a name may have');
select is((select (display_name, email_verified_at)::text from app_public.humans where principal_id = tests.id('invited')), '("Who Was Named",)', 'who was named and has not come is not verified by others');
select * from finish();
rollback;
