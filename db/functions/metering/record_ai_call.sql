-- A call of an AI model: one of the meter ai_calls. FND-24.

create or replace function app_private.record_ai_call(
  organization_id uuid, key text, model text, units jsonb, occurred_at timestamptz
) returns app_public.ai_calls
language plpgsql volatile
set search_path = ''
as $$
declare
  v_position bigint;
  v_id uuid;
  v_call app_public.ai_calls;
begin
  insert into app_private.usage_positions as known (organization_id, position) values (record_ai_call.organization_id, 0)
  on conflict on constraint usage_positions_pkey do update set position = known.position
  returning known.position + 1 into v_position;
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, occurred_at, recorded_at)
  values (record_ai_call.organization_id, v_position, 'ai_calls', 'ai', record_ai_call.key, 1, record_ai_call.occurred_at, app_hidden.now())
  on conflict on constraint usage_records_pkey do nothing
  returning id into v_id;
  if found then
    update app_private.usage_positions set position = v_position where usage_positions.organization_id = record_ai_call.organization_id;
    insert into app_public.ai_calls (organization_id, usage_record_id, model, units, currency)
    select organizations.id, v_id, record_ai_call.model, record_ai_call.units, organizations.currency
    from app_public.organizations where organizations.id = record_ai_call.organization_id
    returning * into v_call;
    return v_call;
  end if;
  select ai_calls.* into strict v_call
  from app_public.usage_records
  join app_public.ai_calls on ai_calls.organization_id = usage_records.organization_id and ai_calls.usage_record_id = usage_records.id
  where usage_records.organization_id = record_ai_call.organization_id and usage_records.source = 'ai' and usage_records.key = record_ai_call.key;
  return v_call;
end;
$$;

comment on function app_private.record_ai_call is 'Records a call once by its key, and answers with what was recorded first.';
grant execute on function app_private.record_ai_call to app_engine;
