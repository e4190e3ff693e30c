-- Test: confirm_booking_request - the clinic's staff with appointments.manage answer; for others there is no request. APT-09, FND-04.
begin;
select plan(27);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('stefan', 'specialist');
select tests.staff('bella', 'billing');
select tests.patient('ana', email => 'guest@people.test');
select tests.person('root', superadmin => true);
select tests.specialist('dr stefan');
select tests.calendar('mondays', '{dr stefan}');
select tests.booking_request('request', 'mondays', 'dr stefan', now() + interval '2 days');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('request'))$$, 'FORBIDDEN', 'move_not_allowed', 'a specialist sees requests and does not answer them');
select * from tests.refuses($$select app_public.reject_booking_request(tests.id('request'))$$, 'FORBIDDEN', 'move_not_allowed', 'either way');
select r.* from unnest('{filip,bella,ana,root}'::text[]) p, lateral (select tests.act_as(p)) a,
  unnest('{confirm_booking_request,reject_booking_request}'::text[]) verb,
  lateral tests.refuses(format('select app_public.%I(tests.id(%L))', verb, 'request'), 'NOT_FOUND', 'booking_request_not_found', format('%s: %s is told nothing', verb, p)) r;
select * from tests.refuses($$select app_public.confirm_booking_request(uuidv7())$$, 'NOT_FOUND', 'booking_request_not_found', 'an unknown request is answered alike');
select * from tests.refuses($$select app_public.confirm_booking_request(null)$$, 'NOT_FOUND', 'booking_request_not_found', 'and none');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.confirm_booking_request(uuidv7())$$, '42501', null, 'a visitor cannot call it');
select tests.act_as('the database');
select is((select status from app_public.booking_requests), 'requested', 'nobody answered');
select * from finish();
rollback;
