-- Test: choose_provider - among what the platform offers, with an account of this clinic. FND-22, FND-06.
begin;
select plan(25);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.integration('twilio of boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.person('root', superadmin => true);
select tests.integration('twilio of atlas');

select tests.act_as('adrian');
select lives_ok($$select app_public.choose_provider(tests.id('atlas'), 'whatsapp', 'twilio', tests.id('twilio of atlas'))$$, 'an admin chooses');
select lives_ok($$select app_public.choose_provider(tests.id('atlas'), 'push', 'web_push')$$, 'also what serves by default and is offered to nobody');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'sms', 'ses')$$,
  'VALIDATION', 'provider_not_offered', 'a vendor that does not serve this is refused');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'payment', 'stripe')$$,
  'VALIDATION', 'integration_required', 'where the platform has no account the clinic needs its own');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio', tests.id('twilio of boreal'))$$,
  'NOT_FOUND', 'not_found', 'another clinic''s account is not there');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'email', 'smtp', tests.id('twilio of atlas'))$$,
  'NOT_FOUND', 'not_found', 'an account of another vendor does not fit');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'patient_payment', 'stripe')$$,
  'CAPABILITY_NOT_BUILT', 'capability_not_built', 'what is not built cannot be chosen for');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio')$$,
  'FORBIDDEN', 'permission_missing', 'the front desk does not choose');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio')$$,
  'NOT_FOUND', 'not_found', 'nor does another clinic');
select * from tests.refuses($$select app_public.use_platform_provider(tests.id('atlas'), 'whatsapp')$$,
  'NOT_FOUND', 'not_found', '… which cannot take the choice back either');
select is_empty('select * from app_public.organization_service_providers', '… and does not see it');
select tests.act_as('root');
select * from tests.refuses($$select app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio')$$,
  'NOT_FOUND', 'not_found', 'nor does the platform choose for a clinic');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.remove_integration(tests.id('twilio of atlas'))$$,
  'CONFLICT', 'integration_in_use', 'an account that serves something is not removed');
select lives_ok($$select app_public.use_platform_provider(tests.id('atlas'), 'whatsapp')$$, 'once it serves nothing');
select is(app_public.remove_integration(tests.id('twilio of atlas')), tests.id('twilio of atlas'), '… it is');
select * from finish();
rollback;
