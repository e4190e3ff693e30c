-- The lock of a clinic's usage and limits: whoever records usage, asks a hard limit or closes a period comes one after the other.
-- FND-20, FND-24.

create or replace function app_private.usage_watermark(organization_id uuid) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_position bigint;
begin
  -- Of a clinic that has used nothing yet the row is made first, by whoever comes first.
  loop
    select usage_positions.last_position into v_position
    from app_private.usage_positions
    where usage_positions.organization_id = usage_watermark.organization_id
    for update;
    exit when found;
    insert into app_private.usage_positions (organization_id) values (usage_watermark.organization_id) on conflict do nothing;
  end loop;
  return v_position;
end;
$$;

comment on function app_private.usage_watermark is
  'Locks the clinic''s usage until the transaction ends, and answers the last position: no record up to it comes later.';
grant execute on function app_private.usage_watermark to app_engine;

create or replace function app_private.last_usage_position(organization_id uuid) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce(max(usage_positions.last_position), 0)
  from app_private.usage_positions
  where usage_positions.organization_id = last_usage_position.organization_id;
end;

comment on function app_private.last_usage_position is 'The last position of the clinic''s usage as of now, without a lock; 0 where nothing was used.';
grant execute on function app_private.last_usage_position to app_engine;
