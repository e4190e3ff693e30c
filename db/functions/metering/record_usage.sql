-- One thing that was used, told once or more often. FND-24.

create or replace function app_private.record_usage(
  organization_id uuid,
  meter text,
  source text,
  key text,
  quantity numeric,
  occurred_at timestamptz default app_hidden.now(),
  subject_id uuid default null
) returns app_public.usage_records
language plpgsql volatile
set search_path = ''
as $$
declare
  v_record app_public.usage_records;
  v_position constant bigint := app_private.usage_watermark(organization_id);
begin
  select usage_records.* into v_record
  from app_public.usage_records
  where usage_records.organization_id = record_usage.organization_id
    and usage_records.source = record_usage.source and usage_records.key = record_usage.key;
  if found then
    if (v_record.meter, v_record.quantity, v_record.occurred_at) is distinct from (meter, quantity, occurred_at)
      or v_record.subject_id is distinct from subject_id then
      insert into app_public.usage_conflicts (organization_id, source, key, meter, quantity, subject_id, occurred_at)
      values (record_usage.organization_id, record_usage.source, record_usage.key, record_usage.meter, record_usage.quantity,
              record_usage.subject_id, record_usage.occurred_at);
    end if;
    return v_record;
  end if;
  update app_private.usage_positions set position = v_position + 1
  where usage_positions.organization_id = record_usage.organization_id;
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at)
  values (record_usage.organization_id, v_position + 1, record_usage.meter, record_usage.source, record_usage.key,
          record_usage.quantity, record_usage.subject_id, record_usage.occurred_at)
  returning * into v_record;
  return v_record;
end;
$$;

comment on function app_private.record_usage is 'Records usage once for its source and key.';
grant execute on function app_private.record_usage to app_engine;
