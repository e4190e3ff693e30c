-- Servers count requests in memory and tell each other, once a second, who has spent much. FND-27.
-- One statement for all callers of that second; sorted, so that two servers never wait for each other in a circle.

set role app_engine;

create or replace function app_hidden.share_spending(keys bytea[], spent_ms int[])
returns table (key bytea, ahead_ms int)
language sql volatile security definer
set search_path = ''
as $$
  insert into app_private.spent_allowances as known (key_digest, spent_until)
  select spending.key, statement_timestamp() + spending.ms * interval '1 millisecond'
  from unnest(keys, spent_ms) as spending (key, ms)
  order by spending.key
  on conflict on constraint spent_allowances_pkey do update
    -- Nobody is locked out for longer than an hour, whatever the servers add up.
    set spent_until = least(
      greatest(known.spent_until, statement_timestamp()) + (excluded.spent_until - statement_timestamp()),
      statement_timestamp() + interval '1 hour')
  returning known.key_digest, (extract(epoch from known.spent_until - statement_timestamp()) * 1000)::int
$$;

comment on function app_hidden.share_spending is
  'Adds what this server''s callers have spent, in milliseconds of their allowance, and answers with how far ahead of '
  'time each now is on all servers together.';

grant execute on function app_hidden.share_spending to app_authenticator;

reset role;
