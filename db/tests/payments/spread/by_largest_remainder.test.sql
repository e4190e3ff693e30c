-- Test: spread - the shares sum to the amount, none is more than there is, and what is left over goes to those that lost most. BIL-05.
begin;
select plan(7);
select is(app_private.spread(100, '{1,1,1}'::bigint[] || 97::bigint), '{1,1,1,97}'::bigint[], 'all of it');
select is(app_private.spread(10, '{10,10,10}'), '{4,3,3}'::bigint[], 'of equals the first gets what is left over');
select is(app_private.spread(5, '{1000,10,490}'), '{3,0,2}'::bigint[], 'in proportion');
select is(app_private.spread(1, '{5,7,6}'), '{0,1,0}'::bigint[], 'the one that lost most');
select is(app_private.spread(7, '{0,7,0}'), '{0,7,0}'::bigint[], 'nothing over nothing');
select is(app_private.spread(100000000000, '{99999999999,2}'), '{99999999998,2}'::bigint[], 'exactly, whatever the size');
create function pg_temp.wrong(times int) returns bigint language sql as $$
  with cases as (
    select n, array(select (random() * 1000)::bigint from generate_series(1, 1 + n % 7)) || 1::bigint as weights from generate_series(1, times) n
  ), asked as (
    select weights, 1 + floor(random() * (select sum(w) from unnest(weights) w))::bigint as amount from cases
  ), spread as (
    select weights, least(amount, (select sum(w) from unnest(weights) w))::bigint as amount from asked
  )
  select count(*) from spread cross join lateral app_private.spread(amount, weights) as shares
  where (select sum(s) from unnest(shares) s) <> amount
     or exists (select from unnest(shares, weights) as one (share, weight)
                where share < 0 or share > weight or abs(share - amount::numeric * weight / (select sum(w) from unnest(weights) w)) >= 1)
$$;
select is(pg_temp.wrong(500), 0::bigint, 'of any: to the unit, never more than there is, less than a unit from its share');
select * from finish();
rollback;
