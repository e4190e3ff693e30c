-- Test: services - managed with services.manage, listed to staff, the active ones to patients, none to guests. CAT-01, SPC-05.
begin;
select plan(35);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
create function pg_temp.offer(name text default 'Masaj', minutes int default 50, price bigint default 25000, currency text default 'RON', modality text default 'in_person', clinic text default 'atlas', translations jsonb default '{}')
returns void language sql as $$
  insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency, modality, translations)
  values (tests.id(clinic), name, minutes, price, currency, modality, translations);
$$;
create function pg_temp.seen() returns text[] language sql as 'select array_agg(name order by name) from app_public.services';
select tests.act_as('adrian');
select lives_ok('select pg_temp.offer()', 'an admin offers a service');
select lives_ok($$select pg_temp.offer('Gratuit', price => 0, modality => 'video')$$, 'also for nothing, by video');
select * from tests.breaks($$select pg_temp.offer('MASAJ')$$, 'services_name_is_unique_per_organization', 'a name once, whatever its case');
select * from tests.breaks($$select pg_temp.offer('x', minutes => 4)$$, 'services_duration_minutes_is_sensible', 'too short');
select * from tests.breaks($$select pg_temp.offer('x', minutes => 1441)$$, 'services_duration_minutes_is_sensible', 'too long');
select * from tests.breaks($$select pg_temp.offer('x', price => -1)$$, 'services_price_amount_is_not_negative', 'a price below zero');
select * from tests.breaks($$select pg_temp.offer('x', currency => 'lei')$$, 'services_currency_is_a_code', 'no currency');
select * from tests.breaks($$select pg_temp.offer('x', modality => 'telepathy')$$, 'services_modality_is_known', 'no modality');
select * from tests.breaks($$select pg_temp.offer('x', translations => '"en"')$$, 'services_translations_is_an_object', 'no translations');
select * from tests.refuses($$select pg_temp.offer('x', clinic => 'boreal')$$, '42501', null, 'another clinic''s list');
select throws_ok(format('update app_public.services set %I = default', c), '42501', null, c || ' is not written') from unnest('{id,organization_id,deleted_at,created_at}'::text[]) c;
update app_public.services set is_active = false where name = 'Gratuit';
select is(pg_temp.seen(), '{Gratuit,Masaj}', 'staff see what is paused');
select tests.act_as('flavia');
select is(pg_temp.seen(), '{Gratuit,Masaj}', 'front desk too');
select tests.changes_nothing($$update app_public.services set price_amount = 1$$, 'but sets no price');
select * from tests.refuses($$select pg_temp.offer('x')$$, '42501', null, 'and offers nothing');
select tests.act_as('ana');
select is(pg_temp.seen(), '{Masaj}', 'a patient sees what is active');
select tests.changes_nothing($$update app_public.services set price_amount = 1$$, 'and sets no price');
select throws_ok('delete from app_public.services', '42501', null, 'nor deletes');
select r from unnest('{otto,dan}'::text[]) p, lateral (select tests.act_as(p)) a, lateral is(pg_temp.seen(), null, p || ' of another clinic sees none') r;
select tests.act_as('a visitor');
select throws_ok('select name from app_public.services', '42501', null, 'a visitor reads none');
select tests.act_as('the database');
update app_public.services set deleted_at = now() where name = 'Masaj';
select tests.act_as('adrian');
select is(pg_temp.seen(), '{Gratuit}', 'a removed service is gone');
select lives_ok($$select pg_temp.offer('Masaj')$$, 'and its name is free');
select * from finish();
rollback;
