-- The visitor chose another time, or closed the form: others need not wait for the timeout. SCH-06.

set role app_engine;

create or replace function app_public.release_hold(token text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.take_hold(release_hold.token);
  perform app_private.release_claim(v_claim.id);
end;
$$;

comment on function app_public.release_hold is
  'Gives a held time back. GONE when the hold is over, NOT_FOUND when there never was one.';

grant execute on function app_public.release_hold to app_anonymous, app_member;

reset role;
