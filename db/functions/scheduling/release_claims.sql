-- Time becomes free again, and whoever watches is told, once. SCH-06.

create or replace function app_private.release_claims(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_claims(claim_ids);
  return app_private.let_go(claim_ids);
end;
$$;

comment on function app_private.release_claims is
  'Frees the time of these claims and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.release_claims to app_engine;
