-- Test: record_integration_result - five refusals in a row switch an integration off, once. FND-23.
begin;
select plan(18);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.integration('twilio');
create temporary view counted as
  select status, disabled_reason, consecutive_auth_failures as failures from app_public.organization_integrations where id = tests.id('twilio');
create function pg_temp.refuse(times int) returns void language sql as $$
  select app_hidden.record_integration_result(tests.id('twilio'), false) from generate_series(1, times);
$$;

select pg_temp.refuse(4);
select results_eq('select * from counted', $$values ('active', null::text, 4)$$, 'four are counted');
select app_hidden.record_integration_result(tests.id('twilio'), true);
select results_eq('select * from counted', $$values ('active', null::text, 0)$$, 'a success starts anew');
select isnt((select last_used_at from app_public.organization_integrations where id = tests.id('twilio')), null, 'and is a use');
select pg_temp.refuse(5);
select results_eq('select * from counted', $$values ('disabled', 'credentials_refused', 5)$$, 'the fifth in a row switches it off');
select is(tests.events_of(tests.id('twilio')), '{integration.disabled}', 'which is said');
select tests.changes_nothing($$select app_hidden.record_integration_result(tests.id('twilio'), false)$$, 'once: a sixth changes nothing');
select tests.changes_nothing($$select app_hidden.record_integration_result(gen_random_uuid(), false)$$, 'nor does one that is not there');

select tests.act_as('olga');
select * from tests.refuses($$select app_public.enable_integration(tests.id('twilio'))$$, 'STATE', 'test_must_pass_first', 'it is not enabled untested');
select * from tests.refuses($$select app_public.disable_integration(tests.id('twilio'))$$, 'STATE', 'illegal_move', 'it is not disabled twice');
select tests.act_as('the authenticator');
select * from tests.refuses($$select app_hidden.record_integration_test(tests.id('twilio'), 'another state', true)$$, 'CONFLICT', 'changed_during_test', 'a test of other keys says nothing about these');
select lives_ok($$select app_hidden.record_integration_test(tests.id('twilio'), (select state from app_hidden.integration_account(tests.id('twilio'))), true)$$, 'a test of these does');
select tests.act_as('olga');
select results_eq(
  $$select status, consecutive_auth_failures from app_public.enable_integration(tests.id('twilio'))$$, $$values ('active', 0)$$,
  'then it is enabled');
select tests.act_as('the database');
select is(tests.events_of(tests.id('twilio')), '{integration.disabled,integration.enabled}', 'which is said, too');
select * from tests.breaks(
  $$update app_public.organization_integrations set last_four = '{"authToken": "a whole token"}' where id = tests.id('twilio')$$,
  'organization_integrations_last_four_are_four', 'a whole key does not fit where its last four are shown');
select * from finish();
rollback;
