-- Test: card_update_form, record_payment_customer - a card is entered for the live subscription of the own clinic, whatever other clinics and earlier subscriptions there are. BIL-08.
begin;
select plan(16);
select tests.clinic('nordic'), tests.subscribes(tests.id('nordic'), 'stripe');
select tests.clinic('atlas'), tests.staff('boss', 'admin');
create function pg_temp.ends(clinic text) returns void language plpgsql as $$
begin
  set local session_replication_role = replica;
  update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where organization_id = tests.id(clinic);
  set local session_replication_role = origin;
end $$;
create function pg_temp.customers() returns text[] language sql as $$
  select array_agg(concat_ws(' ', s.status, s.provider_customer_id) order by s.id) from app_public.organization_subscriptions s where s.organization_id = tests.id('atlas')
$$;

select is(app_hidden.record_payment_customer(tests.id('nordic'), 'stripe', 'cus_nordic'), 'cus_nordic', 'another clinic is known to the vendor');
select tests.act_as('boss');
select * from tests.refuses($$select app_hidden.card_update_form(tests.id('atlas'))$$, 'NOT_FOUND', 'clinic_not_subscribed', 'who is not subscribed gets no page of another clinic');
reset role;
select is(app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_0'), null, 'and the vendor''s id is not kept with another');

select tests.remember('first', tests.subscribes(tests.id('atlas'), 'stripe'));
select tests.act_as('boss');
select results_eq(
  $$select subscription_id, legal_name, provider_customer_id from app_hidden.card_update_form(tests.id('atlas'))$$,
  $$values (tests.id('first'), 'Atlas SRL', null::text)$$, 'one page, with the clinic''s own name');
reset role;
select pg_temp.ends('atlas');
select is(app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_1'), null, 'what comes after the subscription has ended is not kept');
select is(pg_temp.customers(), '{canceled}', 'with the one that has ended');
select tests.act_as('boss');
select * from tests.refuses($$select app_hidden.card_update_form(tests.id('atlas'))$$, 'NOT_FOUND', 'clinic_not_subscribed', 'nor is a card entered for it');
reset role;
select tests.remember('second', tests.subscribes(tests.id('atlas'), 'stripe'));
select is(app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_2'), 'cus_2', 'the next subscription has a customer of its own');
select is(pg_temp.customers(), '{canceled,active cus_2}', 'and the earlier one still has none');
select tests.act_as('boss');
select results_eq($$select subscription_id, provider_customer_id from app_hidden.card_update_form(tests.id('atlas'))$$, $$values (tests.id('second'), 'cus_2')$$, 'the page is of that one');

reset role;
select pg_temp.ends('atlas');
select tests.subscribes(tests.id('atlas'), 'daily'), app_hidden.record_payment_customer(tests.id('atlas'), 'daily', 'of_another_vendor'), pg_temp.ends('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe'), pg_temp.ends('atlas');
select tests.remember('last', tests.subscribes(tests.id('atlas'), 'stripe'));
select tests.clinic('cetus'), tests.subscribes(tests.id('cetus'), 'stripe'), app_hidden.record_payment_customer(tests.id('cetus'), 'stripe', 'cus_cetus');
select tests.act_as('boss');
select results_eq($$select subscription_id, provider_customer_id from app_hidden.card_update_form(tests.id('atlas'))$$, $$values (tests.id('last'), 'cus_2')$$, 'whom this vendor knew last is known, whatever came between');

reset role;
delete from app_public.organization_billing where organization_id = tests.id('atlas');
select tests.act_as('boss');
select * from tests.refuses($$select app_hidden.card_update_form(tests.id('atlas'))$$, 'STATE', 'billing_details_missing', 'the vendor is not asked without a name for the bill');
reset role;
select is((select provider_customer_id from app_public.organization_subscriptions where organization_id = tests.id('nordic')), 'cus_nordic', 'the other clinic''s customer is who it was');
select * from finish();
rollback;
