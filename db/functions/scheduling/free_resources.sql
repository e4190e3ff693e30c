-- Of each type that a calendar needs, the first by name that is free for a span: what an expired hold has is free. SCH-11.
-- The caller has locked the clinic's resources.

create or replace function app_private.free_resources(organization_id uuid, calendar_id uuid, span tstzrange) returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  select array_agg(chosen.id order by cr.type)
  into v_ids
  from app_public.calendar_resources as cr
  left join lateral (
    select r.id
    from app_public.resources as r
    where r.organization_id = cr.organization_id and r.type = cr.type and r.is_active and r.deleted_at is null
      and (cr.resource_id is null or r.id = cr.resource_id)
      and not exists (
        select
        from app_private.resource_claims as rc
        join app_private.time_claims as tc on tc.organization_id = rc.organization_id and tc.id = rc.claim_id
        where rc.resource_id = r.id and rc.blocked && free_resources.span
          and (tc.expires_at is null or tc.expires_at > app_hidden.now()))
    order by r.name, r.id
    limit 1
  ) as chosen on true
  where cr.organization_id = free_resources.organization_id and cr.calendar_id = free_resources.calendar_id;
  return case when array_position(v_ids, null) is null then v_ids end;
end;
$$;

comment on function app_private.free_resources is
  'One free resource for each need of a calendar; null when one is missing.';

grant execute on function app_private.free_resources to app_engine;
