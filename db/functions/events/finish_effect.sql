-- Records that an effect was made, so that no retry makes it again. FND-14, FND-15.

set role app_engine;
create or replace function app_private.finish_effect(key text, result jsonb) returns void
language sql volatile security definer
set search_path = ''
as $$
  update app_private.effects
  set done_at = clock_timestamp(), result = finish_effect.result
  where effects.key = finish_effect.key
$$;

comment on function app_private.finish_effect is 'The claimed effect is done; result is what the vendor answered.';

grant execute on function app_private.finish_effect to app_worker;
reset role;
