-- Test: report_patient_subscription - the same reports in whatever order, and however often, end in the same status. BIL-09, FND-25.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.plan('four sessions', 4);
select tests.tier('gold');
select tests.includes('gold', 'four sessions');
select tests.subscribed('ana', 'gold', 'pending');
select tests.linked('ana''s gold', 'sub_ana', 'stripe');
select tests.freeze_time('2027-03-01 12:00+02');
create temporary table stories (story text, place int, provider_word text, minute int, charged int);
grant select on stories to public;
insert into stories values
  ('sign-up and renewal', 1, 'incomplete', 1, null), ('sign-up and renewal', 2, 'active', 1, null), ('sign-up and renewal', 3, 'invoice.paid', 1, 1),
  ('sign-up and renewal', 4, 'active', 30, null),
  ('a payment fails', 1, 'active', 1, null), ('a payment fails', 2, 'invoice.payment_failed', 30, 29), ('a payment fails', 3, 'past_due', 30, null),
  ('a payment fails', 4, 'unpaid', 40, null),
  ('it is paid after all', 1, 'active', 1, null), ('it is paid after all', 2, 'past_due', 30, null),
  ('it is paid after all', 3, 'invoice.payment_failed', 30, 29), ('it is paid after all', 4, 'invoice.paid', 35, 29),
  ('an older bill is paid', 1, 'active', 1, null), ('an older bill is paid', 2, 'invoice.payment_failed', 10, 9),
  ('an older bill is paid', 3, 'invoice.payment_failed', 30, 29), ('an older bill is paid', 4, 'invoice.paid', 35, 9),
  ('a trial', 1, 'trialing', 1, null), ('a trial', 2, 'active', 30, null), ('a trial', 3, 'invoice.paid', 30, 29), ('a trial', 4, 'trialing', 40, null),
  ('an end', 1, 'active', 1, null), ('an end', 2, 'canceled', 30, null), ('an end', 3, 'invoice.paid', 31, 29), ('an end', 4, 'frozen', 20, null);

create function pg_temp.after(story text, places int[]) returns text language plpgsql security definer as $$
declare
  v_place int;
  v_status text;
begin
  begin
    foreach v_place in array places loop
      perform app_private.report_patient_subscription(tests.id('atlas'), 'stripe', 'sub_ana', s.provider_word,
        '2027-03-01 08:00+02'::timestamptz + make_interval(mins => s.minute), '2027-03-01 08:00+02'::timestamptz + make_interval(mins => s.charged),
        case when s.provider_word = 'trialing' then '2027-03-20 08:00+02'::timestamptz end)
      from stories s where s.story = after.story and s.place = v_place;
    end loop;
    select concat_ws(' ', s.status, nullif(array_to_string(tests.ledger('ana', 'four sessions'), ', '), '')) into v_status
    from app_public.patient_subscriptions s where s.id = tests.id('ana''s gold');
    raise exception 'taken back';
  exception when raise_exception then
    return v_status;
  end;
end;
$$;
create function pg_temp.orders(n int) returns setof int[] language sql as $$
  with recursive orders (taken) as (
    select '{}'::int[] union all
    select taken || next from orders, generate_series(1, n) as next where next <> all (taken))
  select taken from orders where cardinality(taken) = n order by md5(taken::text) limit 12
$$;
create function pg_temp.ends(story text) returns text language sql as $$
  select string_agg(distinct pg_temp.after(story, orders), ' | ')
  from pg_temp.orders((select max(place) from stories s where s.story = ends.story)) as orders
$$;
select is(pg_temp.ends('sign-up and renewal'), 'active grant 4 = 4', 'sign-up and renewal, in a dozen orders');
select is(pg_temp.ends('a payment fails'), 'past_due grant 4 = 4', 'a payment that fails, in a dozen orders');
select is(pg_temp.ends('it is paid after all'), 'active grant 4 = 4', 'one that is paid after all, in a dozen orders');
select is(pg_temp.ends('an older bill is paid'), 'past_due grant 4 = 4', 'of two bills the older one is paid, in a dozen orders');
select is(pg_temp.ends('a trial'), 'trialing grant 4 = 4', 'a trial, and another, in a dozen orders');
select is(pg_temp.ends('an end'), 'canceled | canceled grant 4 = 4, expire 4 = 0', 'an end, in a dozen orders; where it is heard of first, nothing is given');
select is(pg_temp.after('it is paid after all', '{1,2,3,2,1,4,4,3,1}'), 'active grant 4 = 4', 'however often they come');

-- Any reports at all: three hundred sets ended alike as well.
select setseed(0.42);
insert into stories
select 'random ' || n, place, (array['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'invoice.paid', 'invoice.payment_failed', 'canceled', 'odd'])
    [1 + floor(random() * case when n % 3 = 0 then 10 else 8 end)::int],
  floor(random() * 6)::int, null
from generate_series(1, 24) as n, generate_series(1, 5) as place;
update stories set charged = floor(random() * 6)::int where story like 'random%' and provider_word like 'invoice%';
select is_empty(
  $$select story, one, other from (
      select s.story, split_part(pg_temp.after(s.story, array_agg(s.place order by s.place)), ' ', 1) as one,
        split_part(pg_temp.after(s.story, array_agg(s.place order by md5(s.story || s.place))), ' ', 1) as other
      from stories s where s.story like 'random%' group by s.story) as runs
    where one is distinct from other$$, 'two dozen sets of reports that nobody thought of');
select * from finish();
rollback;
