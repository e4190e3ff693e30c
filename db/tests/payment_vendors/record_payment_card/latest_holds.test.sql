-- Test: record_payment_card - the card that was entered last is shown, however often and in whatever order it is told; one that is gone is not. BIL-08.
begin;
select plan(16);
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.subscribes(tests.id('atlas'), 'stripe');
update app_public.organization_subscriptions set provider_customer_id = 'cus_1';
create function pg_temp.told(card text, at text, is_gone boolean default false) returns text language sql as $$
  select app_hidden.record_payment_card('stripe', 'cus_1', card, 'visa', right(card, 4), at::timestamptz, is_gone) $$;
create function pg_temp.shown() returns text language sql as $$ select coalesce((select concat_ws(' ', brand, last_four) from app_public.payment_cards), '') $$;

select is(pg_temp.shown(), '', 'no card is known');
select is(pg_temp.told('pm_4242', '2027-03-02'), 'kept', 'one is entered');
select is(pg_temp.shown(), 'visa 4242', 'and shown');
select is(pg_temp.told('pm_4242', '2027-03-02'), 'older', 'told again nothing changes');
select is(pg_temp.told('pm_1111', '2027-03-01'), 'older', 'what is told late of an earlier one says nothing');
select is(pg_temp.told('pm_1111', '2027-03-01', true), 'older', 'nor that that one is gone');
select is(pg_temp.told('pm_5555', '2027-03-03'), 'kept', 'another one');
select is(pg_temp.shown(), 'visa 5555', 'pays from then on');
select is(pg_temp.told('pm_5555', '2027-03-03', true), 'kept', 'it is taken away');
select is(pg_temp.shown(), '', 'and none is known');
select is(pg_temp.told('pm_5555', '2027-03-03'), 'older', 'told late that it was entered: it does not come back');
select is(app_hidden.record_payment_card('stripe', 'cus_2', 'pm_9', 'visa', '9999', now()), 'not_ours', 'of a customer that nobody knows');
select * from tests.refuses($$select app_hidden.record_payment_card('stripe', 'cus_1', 'pm_9', 'visa', '4242424242424242', now())$$, 'VALIDATION', 'card_malformed', 'a whole number is not kept');
select pg_temp.told('pm_7777', '2027-03-04');
select tests.act_as('olga');
select results_eq('select brand, last_four from app_public.payment_cards', $$values ('visa', '7777')$$, 'the clinic reads it');
select tests.act_as('flavia');
select is_empty('select last_four from app_public.payment_cards', 'whoever has nothing to do with bills does not');
select * from finish();
rollback;
