-- Test: card_update_form, record_payment_customer - a card is entered for the own clinic alone, and whom the vendor knows stays. BIL-08.
begin;
select plan(14);
select tests.clinic('nordic'), tests.staff('other', 'admin');
select tests.clinic('atlas'), tests.staff('boss', 'admin'), tests.staff('desk', 'front_desk');
create function pg_temp.asks() returns text language sql as $$
  select concat_ws(' ', f.provider, f.provider_customer_id, f.billing_email, f.currency) from app_hidden.card_update_form(tests.id('atlas')) f $$;

select tests.act_as('boss');
select * from tests.refuses('select pg_temp.asks()', 'NOT_FOUND', 'clinic_not_subscribed', 'who is not subscribed pays nothing');
reset role;
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.act_as('desk');
select * from tests.refuses('select pg_temp.asks()', 'FORBIDDEN', 'permission_missing', 'staff without billing.manage enter no card');
select tests.act_as('other');
select * from tests.refuses('select pg_temp.asks()', 'NOT_FOUND', null, 'nor does another clinic');
select tests.act_as('boss');
select is(pg_temp.asks(), 'stripe bills@atlas.test RON', 'who manages billing does');

reset role;
select is(app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_1'), 'cus_1', 'the vendor says whom it knows');
select is(app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_2'), 'cus_1', 'and the first one stays');
select is(app_hidden.record_payment_customer(tests.id('nordic'), 'stripe', 'cus_3'), null, 'a clinic that is not subscribed has none');
select tests.act_as('boss');
select is(pg_temp.asks(), 'stripe cus_1 bills@atlas.test RON', 'the vendor is asked for the same again');

reset role;
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where organization_id = tests.id('atlas');
set local session_replication_role = origin;
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.act_as('boss');
select is(pg_temp.asks(), 'stripe cus_1 bills@atlas.test RON', 'also by the next subscription');
reset role;
select tests.subscribes(tests.id('nordic'), 'manual');
select tests.act_as('other');
select * from tests.refuses(
  $$select app_hidden.card_update_form(tests.id('nordic'))$$, 'STATE', 'paid_by_transfer', 'who pays by bank transfer is told so');
select * from finish();
rollback;
