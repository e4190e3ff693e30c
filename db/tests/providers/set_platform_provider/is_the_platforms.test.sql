-- Test: set_platform_provider - a superadmin sets defaults and offers; clinics are not left without. FND-22.
begin;
select plan(20);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);
prepare offered as select provider, is_default, is_offered, has_platform_account
  from app_public.platform_service_providers where capability = 'email' order by provider;

select tests.act_as('olga');
select * from tests.refuses($$select app_public.set_platform_provider('email', 'ses', true, true, true)$$,
  'FORBIDDEN', 'superadmin_only', 'a clinic does not set it');
select tests.act_as('root');
select lives_ok($$select app_public.set_platform_provider('email', 'ses', true, true, true)$$, 'a superadmin makes SES the default');
select results_eq('execute offered', $$values ('ses', true, true, true), ('smtp', false, true, true)$$, 'there is one default');
select results_eq(
  $$select provider from app_public.platform_service_providers where capability = 'email' and is_default$$, $$values ('ses')$$,
  'and it serves whoever chose none');
select * from tests.refuses($$select app_public.set_platform_provider('email', 'ses', true, false, true)$$,
  'CONFLICT', 'default_needs_a_successor', 'a default steps down only for another');
select * from tests.refuses($$select app_public.set_platform_provider('email', 'ses', true, true, false)$$,
  'VALIDATION', 'default_needs_an_account', 'a default has an account');
select * from tests.refuses($$select app_public.set_platform_provider('email', 'twilio', true, false, true)$$,
  'NOT_FOUND', 'not_found', 'a vendor without an adapter for this is not there');
select * from tests.refuses($$select app_public.set_platform_provider('clinic_payout', 'stripe', true, false, true)$$,
  'CAPABILITY_NOT_BUILT', 'capability_not_built', 'what is not built has no vendors');

select tests.act_as('olga');
select lives_ok($$select app_public.choose_provider(tests.id('atlas'), 'email', 'smtp')$$, 'a clinic chooses the other one');
select tests.act_as('root');
select * from tests.refuses($$select app_public.set_platform_provider('email', 'smtp', true, false, false)$$,
  'CONFLICT', 'platform_account_in_use', 'the account it uses does not go away');
select lives_ok($$select app_public.set_platform_provider('email', 'smtp', false, false, true)$$, 'it can be offered to nobody else');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'email', 'smtp')$$,
  'VALIDATION', 'provider_not_offered', '… and then nobody else chooses it');
select tests.act_as('the worker');
select results_eq($$select provider from app_hidden.resolve_provider(tests.id('atlas'), 'email')$$, $$values ('smtp')$$,
  'whoever has it keeps it');
select * from finish();
rollback;
