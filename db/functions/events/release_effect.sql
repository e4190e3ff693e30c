-- Gives a claim back, whether the effect was made or failed. FND-14, FND-15.

set role app_engine;
create or replace function app_private.release_effect(key text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  select pg_advisory_unlock(hashtextextended('effect:' || release_effect.key, 0))
$$;

comment on function app_private.release_effect is 'Ends the claim of this connection on an effect.';

grant execute on function app_private.release_effect to app_worker;
reset role;
