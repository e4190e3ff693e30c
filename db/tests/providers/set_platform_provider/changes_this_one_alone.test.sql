-- Test: set_platform_provider - sets this vendor for this capability, and nothing else. FND-22, FND-08.
begin;
select plan(9);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.integration('ses of atlas', 'ses');
select tests.person('root', superadmin => true);
-- As if sms had another default: this one may then lose its account.
update app_public.platform_service_providers set is_default = false where capability = 'sms';
create temporary table before as select * from app_public.platform_service_providers;
create function pg_temp.changed() returns text language sql as $$
  select string_agg(now.capability || ' ' || now.provider, ', ' order by now.capability, now.provider)
  from app_public.platform_service_providers as now join before using (capability, provider) where now is distinct from before $$;

select tests.act_as('olga');
select app_public.choose_provider(tests.id('atlas'), 'whatsapp', 'twilio');
select app_public.choose_provider(tests.id('atlas'), 'payment', 'manual');
select app_public.choose_provider(tests.id('atlas'), 'email', 'ses', tests.id('ses of atlas'));

select tests.act_as('root');
select lives_ok($$select app_public.set_platform_provider('sms', 'twilio', true, false, false)$$, 'an account that serves another capability does not stand in the way');
select lives_ok($$select app_public.set_platform_provider('payment', 'stripe', false, false, false)$$, 'nor does another vendor''s');
select lives_ok($$select app_public.set_platform_provider('email', 'ses', false, false, false)$$, 'nor does a clinic with an account of its own');
select tests.act_as('the database');
select is(pg_temp.changed(), 'email ses, payment stripe, sms twilio', 'what was not named stays, defaults too');

select tests.act_as('root');
select lives_ok($$select app_public.set_platform_provider('email', 'ses', true, true, true)$$, 'another vendor becomes the default');
select tests.act_as('the database');
select is(
  (select string_agg(capability || ' ' || provider, ', ' order by capability) from app_public.platform_service_providers where is_default),
  'email ses, exercise_video bunny, invoicing manual, payment manual, push web_push, storage s3, video daily, whatsapp twilio',
  'for this capability, and each has one');

create temporary table entries_before as select count(*) from audit.entries where table_name = 'app_public.platform_service_providers';
select tests.act_as('root');
select lives_ok($$select app_public.set_platform_provider('invoicing', 'manual', true, true, true)$$, 'the default is set again');
select tests.act_as('the database');
select is(pg_temp.changed(), 'email ses, email smtp, invoicing manual, payment stripe, sms twilio', '… which touches no other');
select is((select count(*) from audit.entries where table_name = 'app_public.platform_service_providers'), (select count from entries_before),
  '… and is no change on record');
select * from finish();
rollback;
