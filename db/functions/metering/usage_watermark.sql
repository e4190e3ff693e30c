-- The last position of a clinic's usage; nothing is recorded there until the transaction ends. FND-24.

create or replace function app_private.usage_watermark(organization_id uuid) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_position bigint;
begin
  insert into app_private.usage_positions (organization_id) values (usage_watermark.organization_id)
  on conflict on constraint usage_positions_pkey do nothing;
  select usage_positions.position into strict v_position
  from app_private.usage_positions
  where usage_positions.organization_id = usage_watermark.organization_id
  for update;
  return v_position;
end;
$$;

comment on function app_private.usage_watermark is 'Locks and returns the last position of a clinic''s usage.';
grant execute on function app_private.usage_watermark to app_engine;
