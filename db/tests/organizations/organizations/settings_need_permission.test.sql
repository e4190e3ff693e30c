-- Test: organizations - settings are changed with organization.manage, of the own clinic, in the listed columns. FND-01, FND-04.
begin;
select plan(15);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');

select tests.act_as('olga');
select lives_ok($$update app_public.organizations set name = 'Atlas Nou', booking_response_hours = 48 where slug = 'atlas'$$, 'the owner changes the name');
select is((select name from app_public.organizations), 'Atlas Nou', 'and sees it');
select tests.changes_nothing($$update app_public.organizations set name = 'Mine' where slug = 'boreal'$$, 'another clinic stays as it is');
select throws_ok(format('update app_public.organizations set %I = %L', c, v), '42501', null, c || ' is the platform''s to write')
from (values ('slug', 'other'), ('activated_at', '2027-01-01'), ('deleted_at', '2027-01-01'), ('currency', 'EUR')) as t (c, v);
select * from tests.breaks($$update app_public.organizations set timezone = 'Mars/Olympus'$$, 'organizations_timezone_fkey', 'a zone must exist');
select * from tests.refuses($$update app_public.organizations set contact_phone = '0722 12'$$, 'VALIDATION', 'too_short', 'a number that nobody can dial is refused');
select tests.act_as('flavia');
select tests.changes_nothing($$update app_public.organizations set name = 'Mine'$$, 'front desk may not');
select tests.act_as('ana');
select tests.changes_nothing($$update app_public.organizations set name = 'Mine'$$, 'a patient may not');
select throws_ok($$insert into app_public.organizations (name) values ('Mine')$$, '42501', null, 'nobody inserts a clinic');
select throws_ok($$delete from app_public.organizations$$, '42501', null, 'nobody deletes one');
select * from finish();
rollback;
