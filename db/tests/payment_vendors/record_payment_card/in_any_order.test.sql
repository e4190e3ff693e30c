-- Test: record_payment_card (show_latest_card) - in whatever order three cards are told to be entered and two of them to be taken away, the same card is shown in the end: the latest that stands. BIL-08.
begin;
select plan(4);
select tests.clinic('atlas'), tests.staff('olga', 'owner');
select tests.subscribes(tests.id('atlas'), 'stripe');
update app_public.organization_subscriptions set provider_customer_id = 'cus_1';
create temporary table reports as
select row_number() over () as id, r.* from (values ('pm_a', 1, false), ('pm_b', 2, false), ('pm_c', 3, false), ('pm_b', 2, true), ('pm_c', 3, true)) as r (card, day, is_gone);
-- Tells them in an order and takes it back.
create function pg_temp.shown_after(first_to_last bigint[]) returns text language plpgsql as $$
declare
  v_shown text;
begin
  begin
    perform app_hidden.record_payment_card('stripe', 'cus_1', r.card, 'visa', '000' || r.day, timestamptz '2027-03-01' + make_interval(days => r.day), r.is_gone)
    from unnest(first_to_last) with ordinality as o (id, place) join reports r using (id) order by o.place;
    select last_four into v_shown from app_public.payment_cards;
    raise exception 'taken back';
  exception when raise_exception then null;
  end;
  return coalesce(v_shown, 'none');
end $$;
create temporary table orders as
with recursive longer as (
  select array[id] as ids from reports union all
  select ids || r.id from longer join reports r on r.id <> all (ids))
select ids from longer where cardinality(ids) = 5;
select is((select count(*)::int from orders), 120, 'every order');
select is((select array_agg(distinct pg_temp.shown_after(ids)) from orders), '{0001}', 'ends with the earliest, which alone stands');
select is((select array_agg(distinct pg_temp.shown_after(array_remove(ids, 5))) from orders where ids[5] = 5), '{0003}', 'or with the latest where only the one between is gone');
insert into reports values (6, 'pm_a', 1, true);
select is((select array_agg(distinct pg_temp.shown_after(ids || 6::bigint) || ' ' || pg_temp.shown_after(6 || ids)) from orders where ids[1] = 5), '{"none none"}', 'or with none once none stands');
select * from finish();
rollback;
