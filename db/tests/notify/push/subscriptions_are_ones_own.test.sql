-- Test: subscribe_to_push, unsubscribe_from_push - one's own browsers, and keys that nobody reads. FND-15.
begin;
select plan(32);
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.remember('ana''s account', human_id) from app_public.patient_profiles where id = tests.id('ana');
create function pg_temp.subscribe(endpoint text, auth text default repeat('A', 22), p256dh text default repeat('B', 87)) returns uuid language sql as $$
  select (app_public.subscribe_to_push(endpoint, p256dh, auth)).id
$$;

select tests.act_as('ana');
select tests.remember('phone', pg_temp.subscribe('https://fcm.googleapis.com/fcm/send/ana-phone'));
select tests.remember('laptop', pg_temp.subscribe('https://updates.push.services.mozilla.com/wpush/v2/ana-laptop'));
select is(pg_temp.subscribe('https://fcm.googleapis.com/fcm/send/ana-phone', repeat('C', 22)), tests.id('phone'), 'a browser that subscribes again is the same, with its new keys');
select is((select count(id) from app_public.push_subscriptions), 2::bigint, 'she has two');
select throws_ok($$select auth from app_public.push_subscriptions$$, '42501', null, 'and reads no key');
select throws_ok($$select endpoint from app_public.push_subscriptions$$, '42501', null, 'nor an endpoint');

select tests.act_as('bogdan');
select is_empty($$select id from app_public.push_subscriptions$$, 'nobody sees those of others');
select tests.refuses($$select pg_temp.subscribe('https://fcm.googleapis.com/fcm/send/ana-phone')$$, 'CONFLICT', 'push_endpoint_taken', 'an endpoint alone takes nothing from anybody');
select ok(not app_public.unsubscribe_from_push('https://fcm.googleapis.com/fcm/send/ana-phone'), 'nor ends it');
select is(pg_temp.subscribe('https://fcm.googleapis.com/fcm/send/ana-phone', repeat('C', 22)), tests.id('phone'), 'who signs in next at the same browser takes it over');
select tests.act_as('ana');
select is((select array_agg(id) from app_public.push_subscriptions), array[tests.id('laptop')], 'and the one before is told there no more');
select tests.remember('tablet', pg_temp.subscribe('https://updates.push.services.mozilla.com/wpush/v2/ana-tablet'));
select ok(app_public.unsubscribe_from_push('https://updates.push.services.mozilla.com/wpush/v2/ana-laptop'), 'she ends one');
select results_eq($$select id from app_public.push_subscriptions$$, array[tests.id('tablet')], 'and no other');
select ok(not app_public.unsubscribe_from_push('https://updates.push.services.mozilla.com/wpush/v2/ana-laptop'), 'once');

select tests.breaks($$select pg_temp.subscribe('http://push.example.org/x')$$, 'push_subscriptions_endpoint_is_a_push_service', 'plain HTTP');
select tests.breaks($$select pg_temp.subscribe('https://127.0.0.1/x')$$, 'push_subscriptions_endpoint_is_a_push_service', 'an address of a machine');
select tests.breaks($$select pg_temp.subscribe('https://localhost/x')$$, 'push_subscriptions_endpoint_is_a_push_service', 'this machine');
select tests.breaks($$select pg_temp.subscribe('https://push.example.org:9200/x')$$, 'push_subscriptions_endpoint_is_a_push_service', 'a port');
select tests.breaks($$select pg_temp.subscribe('https://a@push.example.org/x')$$, 'push_subscriptions_endpoint_is_a_push_service', 'a user');
select tests.breaks($$select pg_temp.subscribe('https://push.example.org/x', 'short')$$, 'push_subscriptions_auth_is_base64url', 'what is no key');
select tests.breaks($$select pg_temp.subscribe('https://push.example.org/x', p256dh => repeat('!', 87))$$, 'push_subscriptions_p256dh_is_base64url', 'nor that');

select pg_temp.subscribe('https://push.example.org/' || n) from generate_series(1, 25) as n;
select is((select count(id) from app_public.push_subscriptions), 20::bigint, 'twenty browsers at most, the oldest make room');
select tests.act_as('bogdan');
select pg_temp.subscribe('https://push.example.org/bogdan/' || n) from generate_series(1, 3) as n;
select tests.act_as('ana');
select pg_temp.subscribe('https://push.example.org/25');
select is((select count(id) from app_public.push_subscriptions), 20::bigint, 'those of others take no place of hers');
select tests.act_as('the worker');
select is((select count(*) from app_private.push_subscriptions_of(tests.id('ana''s account'))), 20::bigint, 'the worker reads them with their keys');
select app_private.drop_push_subscription(id) from app_private.push_subscriptions_of(tests.id('ana''s account')) limit 1;
select is((select count(*) from app_private.push_subscriptions_of(tests.id('ana''s account'))), 19::bigint, 'and drops one that is over');
select tests.act_as('a visitor');
select throws_ok($$select pg_temp.subscribe('https://push.example.org/visitor')$$, '42501', null, 'a visitor is told nowhere');
select * from finish();
rollback;
