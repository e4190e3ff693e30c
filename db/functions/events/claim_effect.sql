-- Claims an effect on the outside world before it is made. FND-14, FND-15.
-- The claim is a lock of the connection, so it ends with the process that holds it: no lease to wait for
-- after a crash, no second worker while the first one is only slow. The row remembers what was done.

set role app_engine;
create or replace function app_private.claim_effect(key text, claimed_by text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  if not pg_try_advisory_lock(hashtextextended('effect:' || claim_effect.key, 0)) then
    return 'busy';
  end if;

  insert into app_private.effects (key, claimed_at, claimed_by)
  values (claim_effect.key, clock_timestamp(), claim_effect.claimed_by)
  on conflict on constraint effects_pkey do update
    set claimed_at = excluded.claimed_at,
        claimed_by = excluded.claimed_by,
        attempts = effects.attempts + 1
    where effects.done_at is null;
  if found then
    return 'claimed';
  end if;

  perform pg_advisory_unlock(hashtextextended('effect:' || claim_effect.key, 0));
  return 'done';
end;
$$;

comment on function app_private.claim_effect is
  'claimed: do it, then finish_effect and release_effect on the same connection; busy: somebody is doing it; '
  'done: it was done before.';

grant execute on function app_private.claim_effect to app_worker;
reset role;
