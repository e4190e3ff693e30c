-- Test: disable_integration, enable_integration, remove_integration, record_integration_result - each touches one account
-- and says so. FND-22, FND-23.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.integration('twilio of boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
select tests.integration('mine');
select tests.integration('other');
create temporary table others as select * from app_public.organization_integrations where id <> tests.id('mine');
create temporary view mine as select * from app_public.organization_integrations where id = tests.id('mine');

-- Uses are written down once in five minutes.
select app_hidden.record_integration_result(tests.id('mine'), true);
select is((select last_used_at from mine), '2027-03-01 08:00+02', 'the first use is written down');
select tests.freeze_time('2027-03-01 08:05+02');
select tests.changes_nothing($$select app_hidden.record_integration_result(tests.id('mine'), true)$$, 'not the next within five minutes');
select tests.freeze_time('2027-03-01 08:05:01+02');
select app_hidden.record_integration_result(tests.id('mine'), true);
select is((select last_used_at from mine), '2027-03-01 08:05:01+02', 'but one after that');
select app_hidden.record_integration_result(tests.id('mine'), false) from generate_series(1, 2);
select app_hidden.record_integration_test(tests.id('mine'), (select a.state from app_hidden.integration_account(tests.id('mine')) a), false, 'credentials_refused');
select results_eq('select consecutive_auth_failures, last_test_passed, last_test_reason from mine', $$values (2, false, 'credentials_refused')$$,
  'a test that fails leaves the count and says why');
select app_hidden.record_integration_test(tests.id('mine'), (select a.state from app_hidden.integration_account(tests.id('mine')) a), true, 'forgotten');
select results_eq('select consecutive_auth_failures, last_test_passed, last_test_reason from mine', $$values (0, true, null::text)$$,
  'one that passes starts it anew and has no reason');
select app_hidden.record_integration_result(tests.id('mine'), false) from generate_series(1, 5);
select is((select disabled_reason from mine), 'credentials_refused', 'five refusals switch it off');

-- By hand.
select tests.act_as('flavia');
select throws_ok($$select app_public.disable_integration(tests.id('other'))$$, 'RX403', 'permission_missing', 'the front desk switches nothing off');
select throws_ok($$select app_public.enable_integration(tests.id('mine'))$$, 'RX403', 'permission_missing', 'or on');
select throws_ok($$select app_public.remove_integration(tests.id('other'))$$, 'RX403', 'permission_missing', 'and removes nothing');
select tests.act_as('otto');
select throws_ok($$select app_public.disable_integration(tests.id('mine'))$$, 'RX404', 'not_found', 'for another clinic it is not there');
select tests.act_as('olga');
select throws_ok($$select app_public.disable_integration(gen_random_uuid())$$, 'RX404', 'not_found', 'as one that never was');
select throws_ok($$select app_public.enable_integration(tests.id('other'))$$, 'RX412', 'illegal_move', 'what is on is not switched on');
select tests.act_as('the authenticator');
select lives_ok($$select app_hidden.record_integration_test(tests.id('mine'), (select a.state from app_hidden.integration_account(tests.id('mine')) a), true)$$, 'a test that passes in the very moment');
select tests.act_as('olga');
select is((app_public.enable_integration(tests.id('mine'))).status, 'active', 'counts');
select is((app_public.disable_integration(tests.id('mine'))).disabled_reason, 'by_staff', 'she switches it off');

-- What serves is not removed; what serves nothing is.
select lives_ok($$select app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio', tests.id('other'))$$, 'another one serves');
select tests.act_as('otto');
select lives_ok(format($$select app_public.choose_provider(tests.id('boreal'), %L, 'twilio', tests.id('twilio of boreal'))$$, capability), 'elsewhere, too')
from (values ('sms'), ('whatsapp')) as c (capability);
select tests.act_as('olga');
select lives_ok($$select app_public.choose_provider(tests.id('atlas'), 'whatsapp', 'twilio')$$, 'and the platform''s for the rest');
select is(app_public.remove_integration(tests.id('mine')), tests.id('mine'), 'she removes the one that serves nothing');
select is_empty('select from app_public.organization_integrations where id = tests.id(''mine'')', 'it is gone');
select throws_ok($$select app_public.use_platform_provider(tests.id('atlas'), 'pigeons')$$, 'RX400', 'capability_unknown',
  'what nobody declared has no default to go back to');
select ok(app_public.use_platform_provider(tests.id('atlas'), 'sms'), 'she goes back to the platform''s for one thing');
select tests.act_as('the database');
select set_eq('select organization_id, capability from app_public.organization_service_providers',
  $$values (tests.id('atlas'), 'whatsapp'), (tests.id('boreal'), 'sms'), (tests.id('boreal'), 'whatsapp')$$, 'and for nothing else, and nobody else');
select is(tests.events_of(tests.id('mine')),
  '{integration.disabled,integration.enabled,integration.disabled,integration.removed}', 'everything was said');
select results_eq($$select payload ->> 'reason' from app_private.events where subject_id = tests.id('mine') and name = 'integration.disabled' order by position$$,
  array['credentials_refused', 'by_staff'], 'with its reason');
select set_eq('select * from app_public.organization_integrations', 'select * from others', 'all the while no other account changed');
select * from finish();
rollback;
