-- Test: sign_in - an address that folds to somebody's by Unicode is not theirs, wherever addresses are compared. FND-03.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('irina', superadmin => true);
-- Each becomes the address of irina by lower() or by NFKC; `sika` stands for the letters that she has not.
select tests.person('sika');
create table pg_temp.look_alikes (what text primary key, address text not null);
insert into pg_temp.look_alikes values
  ('I with a dot', U&'\0130rina@people.test'),
  ('I with a dot in the domain', U&'irina@people.test\0130'),
  ('the Kelvin sign', U&'si\212Aa@people.test'),
  ('the long s', U&'\017Fika@people.test'),
  ('a full-width I', U&'\FF29rina@people.test'),
  ('a dotless i', U&'\0131rina@people.test');
grant select on pg_temp.look_alikes to public;

select tests.act_as('the authenticator');
select r.* from pg_temp.look_alikes l,
  lateral tests.breaks(format($$select app_hidden.sign_in('https://issuer', %L, 's', %L, true, 'A', 'ro', null)$$, l.what, l.address),
    'humans_email_is_valid', l.what || ' signs in nobody') r;
select is(app_hidden.sign_in('https://issuer', 'capitals', 's', ' IRINA@People.Test', true, 'A', 'ro', null), tests.id('irina'), 'capitals of ASCII are the same address');

select is(
  app_hidden.update_identity('https://tests', 'sika', now() + l.n * interval '1 second', l.address, true, 'Sika', 'ro', false), 'email_not_usable',
  l.what || ' is no new address of anybody')
from (select look_alikes.*, row_number() over (order by what) as n from pg_temp.look_alikes) l;
select is(
  app_hidden.update_identity('https://tests', 'sika', now() + interval '1 hour', U&'\0130rina@people.test', true, 'Sika', 'ro', true), 'email_not_usable',
  'told together with a ban');
select * from tests.refuses($$select app_hidden.sign_in('https://tests', 'sika', 's', 'sika@people.test', true, 'Sika', 'ro', null)$$,
  'UNAUTHENTICATED', 'account_disabled', 'it does not keep the ban away');

select tests.act_as('the database');
select is((select email from app_public.humans where principal_id = tests.id('sika')), 'sika@people.test', 'her address stays');
select is((select count(*) from app_private.identities where principal_id = tests.id('irina')), 2::bigint, 'nobody but the owner of the address came to irina');
select app_private.suppress_address(tests.id('atlas'), null, 'email', U&'si\212Aa@people.test', 'bounce');
select is((select count(*) from app_private.suppressed_addresses where address = 'sika@people.test'), 0::bigint, 'a bounce of a look-alike is not hers');
select * from finish();
rollback;
