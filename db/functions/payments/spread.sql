-- An amount without lines is spread over what there is by largest remainder: each gets its share rounded down, and the units that are
-- left go to those that lost most by it, the first before others. The shares sum to the amount, and none is more than there is. BIL-05.

create or replace function app_private.spread(amount bigint, over_amounts bigint[]) returns bigint[]
language sql immutable
set search_path = ''
as $$
  with shares as (
    select given.place, div(spread.amount::numeric * given.amount, total.amount)::bigint as share,
           mod(spread.amount::numeric * given.amount, total.amount) as remainder
    from unnest(over_amounts) with ordinality as given (amount, place)
    cross join (select sum(one) as amount from unnest(over_amounts) as one) as total
  ), ranked as (
    select shares.place, shares.share,
           row_number() over (order by shares.remainder desc, shares.place) <= spread.amount - sum(shares.share) over () as gets_one
    from shares
  )
  select array_agg(ranked.share + ranked.gets_one::int order by ranked.place) from ranked
$$;

comment on function app_private.spread is
  'Divides an amount by largest remainder, in proportion to amounts that are not negative and sum to as much at least.';
grant execute on function app_private.spread to app_engine;
