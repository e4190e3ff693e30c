-- A claim has its rooms and equipment from here on. What an expired hold still had goes over: if that hold is honoured in
-- its last minute, it looks for others (revive_hold). SCH-11. A step of occupy.

create or replace function app_private.take_resources(claim app_private.time_claims, resource_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if resource_ids is null then
    return;
  end if;
  delete from app_private.resource_claims as rc
  using app_private.time_claims as tc
  where rc.resource_id = any (resource_ids) and rc.blocked && claim.blocked
    and tc.organization_id = rc.organization_id and tc.id = rc.claim_id
    and tc.expires_at <= app_hidden.now();
  insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
  select claim.organization_id, r.id, claim.id, claim.blocked
  from unnest(resource_ids) as r (id);
end;
$$;

comment on function app_private.take_resources is 'Gives these resources, which the caller found free, to a claim.';

grant execute on function app_private.take_resources to app_engine;
