-- Takes back that an address is not written to, and keeps on record that it was. FND-35.

create or replace function app_private.lift_suppressions(
  organization_id uuid,
  channel text,
  address text,
  reasons text[],
  lifted_by text,
  because text
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_lifted int;
begin
  with lifted as (
    delete from app_private.clinic_suppressed_addresses as known
    where known.organization_id = lift_suppressions.organization_id
      and known.channel = lift_suppressions.channel
      and known.address = app_hidden.ascii_lower(lift_suppressions.address)
      and known.reason = any (lift_suppressions.reasons)
    returning known.channel, known.address, known.reason, known.since
  ),
  lifted_of_platform as (
    delete from app_private.suppressed_addresses as known
    where lift_suppressions.organization_id is null
      and known.channel = lift_suppressions.channel
      and known.address = app_hidden.ascii_lower(lift_suppressions.address)
      and known.reason = any (lift_suppressions.reasons)
    returning known.channel, known.address, known.reason, known.since
  ),
  kept as (
    insert into app_private.lifted_suppressions
      (organization_id, channel, address, reason, since, lifted_by, because, lifted_at)
    select lift_suppressions.organization_id, gone.channel, gone.address, gone.reason, gone.since,
      lift_suppressions.lifted_by, lift_suppressions.because, app_hidden.now()
    from (select * from lifted union all select * from lifted_of_platform) as gone
    returning id
  )
  select count(*) into v_lifted from kept;
  return v_lifted;
end;
$$;

comment on function app_private.lift_suppressions is
  'Lifts what a clinic''s own vendor reported of an address, or without a clinic what the platform''s did, for these '
  'reasons; answers how many. lifted_by: start, verified_address or permission, which needs a because.';
grant execute on function app_private.lift_suppressions to app_engine;
