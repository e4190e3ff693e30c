-- A rejected request, a cancelled appointment: the time is free again. SCH-06, APT-09.

create or replace function app_private.release_claim(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.release_claims(array[claim_id]);
end;
$$;

comment on function app_private.release_claim is
  'Frees the time of a claim and publishes slot.released; a claim that is free already stays as it is.';

grant execute on function app_private.release_claim to app_engine;
