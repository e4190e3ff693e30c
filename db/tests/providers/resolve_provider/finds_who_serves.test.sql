-- Test: resolve_provider - the clinic's choice, else the platform's default; refusals where nothing may serve. FND-22.
begin;
select plan(25);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.integration('own twilio', 'twilio');
create temporary view resolved as
  select provider, integration_id, credentials is not null as own from app_hidden.resolve_provider(tests.id('atlas'), 'sms');
grant select on resolved to public;

select results_eq('select * from resolved', $$values ('twilio', null::uuid, false)$$, 'without a choice it is the platform''s default');
select tests.act_as('olga');
select results_eq(
  $$select provider, integration_id from app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio', tests.id('own twilio'))$$,
  $$values ('twilio', tests.id('own twilio'))$$, 'the clinic chooses its own account');
select tests.act_as('the worker');
select results_eq(
  $$select provider, integration_id, credentials is not null from app_hidden.resolve_provider(tests.id('atlas'), 'sms')$$,
  $$values ('twilio', tests.id('own twilio'), true)$$, 'the worker is told, with the sealed keys');
select tests.act_as('the authenticator');
select results_eq(
  $$select integration_id from app_hidden.resolve_provider(tests.id('boreal'), 'sms')$$, $$values (null::uuid)$$,
  'another clinic goes on with the platform''s account');

select tests.act_as('olga');
select lives_ok($$select app_public.disable_integration(tests.id('own twilio'))$$, 'the account is switched off');
select tests.act_as('the worker');
select * from tests.refuses(
  $$select * from app_hidden.resolve_provider(tests.id('atlas'), 'sms')$$, 'STATE', 'integration_disabled',
  'an account that is switched off is not replaced by the platform''s');
select tests.act_as('olga');
select ok(app_public.use_platform_provider(tests.id('atlas'), 'sms'), 'the clinic takes its choice back');
select ok(not app_public.use_platform_provider(tests.id('atlas'), 'sms'), '… which it can do once');
select tests.act_as('the worker');
select results_eq(
  $$select provider, integration_id from app_hidden.resolve_provider(tests.id('atlas'), 'sms')$$, $$values ('twilio', null::uuid)$$,
  'and is served by the platform again');

select * from tests.refuses(
  $$select * from app_hidden.resolve_provider(tests.id('atlas'), 'patient_payment')$$,
  'CAPABILITY_NOT_BUILT', 'capability_not_built', 'what patients pay the clinic is declared and not built');
select * from tests.refuses(
  $$select * from app_hidden.resolve_provider(tests.id('atlas'), 'clinic_payout')$$,
  'CAPABILITY_NOT_BUILT', 'capability_not_built', 'payouts are declared and not built');
select * from tests.refuses(
  $$select * from app_hidden.resolve_provider(tests.id('atlas'), 'pigeons')$$,
  'VALIDATION', 'capability_unknown', 'what nobody declared is unknown');

select tests.act_as('the database');
select is_empty(
  $$select key from app_public.service_capabilities where is_built
    except select capability from app_public.platform_service_providers where is_default$$,
  'everything that is built has a default');
select is_empty(
  $$select capability from app_public.platform_service_providers p join app_public.service_capabilities c on c.key = p.capability
    where not c.is_built$$,
  'nothing serves what is not built');
insert into app_public.service_providers (key, name, credential_fields, settings_fields) values ('pigeon', 'Pigeons', '[]', '[]');
insert into app_public.platform_service_providers (capability, provider, has_platform_account) values ('sms', 'pigeon', true);
select tests.act_as('olga');
select lives_ok(
  $$select app_public.choose_provider(tests.id('atlas'), 'sms', 'pigeon')$$, 'a vendor that was added as rows can be chosen');
select tests.act_as('the worker');
select results_eq(
  $$select provider from app_hidden.resolve_provider(tests.id('atlas'), 'sms')$$, $$values ('pigeon')$$, '… and serves');
select tests.act_as('the database');
select tests.act_as('olga');
select is(
  (select count(*)::int from app_public.organization_service_providers), 1, 'the clinic sees what it chose');
select tests.act_as('the database');

-- What serves when this capability has no choice of the clinic.
delete from app_public.organization_service_providers where organization_id = tests.id('atlas');
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('atlas'), 'email', 'smtp', tests.integration('own mail', 'smtp'));
select results_eq('select * from resolved', $$values ('twilio', null::uuid, false)$$, 'the account chosen for mails sends no texts');
update app_public.platform_service_providers set is_default = false where capability = 'sms' and provider = 'twilio';
update app_public.platform_service_providers set is_default = true where capability = 'sms' and provider = 'pigeon';
select results_eq('select * from resolved', $$values ('pigeon', null::uuid, false)$$, 'of the vendors for texts the default serves');
update app_public.platform_service_providers set is_default = false where capability = 'sms';
select * from tests.refuses('select * from resolved', 'STATE', 'provider_missing', 'without a default nobody does');
select * from finish();
rollback;
