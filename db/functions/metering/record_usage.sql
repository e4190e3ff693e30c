-- Something was used, once: the record and what it adds to its period's summary are written together. FND-24.
-- Whoever tells the same again is answered with the record that is there. Something else under the same key is kept apart and told,
-- since nobody knows which of the two was so.

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
  v_aggregation text := app_private.require_meter(record_usage.meter);
  v_position bigint := app_private.usage_watermark(record_usage.organization_id);
  v_record app_public.usage_records;
begin
  if v_aggregation = 'unique' and subject_id is null then
    perform app_hidden.refuse('VALIDATION', 'usage_subject_missing', jsonb_build_object('meter', record_usage.meter));
  end if;
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at, recorded_at)
  values (record_usage.organization_id, v_position + 1, record_usage.meter, record_usage.source, record_usage.key, record_usage.quantity,
          record_usage.subject_id, record_usage.occurred_at, app_hidden.now())
  on conflict on constraint usage_records_pkey do nothing
  returning * into v_record;
  if not found then
    select known.* into strict v_record
    from app_public.usage_records as known
    where known.organization_id = record_usage.organization_id and known.source = record_usage.source and known.key = record_usage.key;
    if (v_record.meter, v_record.quantity, v_record.subject_id, v_record.occurred_at)
       is distinct from (record_usage.meter, record_usage.quantity, record_usage.subject_id, record_usage.occurred_at) then
      perform app_private.keep_usage_conflict(
        v_record, record_usage.meter, record_usage.quantity, record_usage.subject_id, record_usage.occurred_at);
    end if;
    return v_record;
  end if;

  update app_private.usage_positions set last_position = v_position + 1
  where usage_positions.organization_id = record_usage.organization_id;
  perform app_private.add_to_summary(v_record, v_aggregation);
  return v_record;
end;
$$;

comment on function app_private.record_usage is
  'Records usage of a meter under a key that is unique within its source, in the period of occurred_at. The record; the one that is there for '
  'a key that was used. What differs from that is kept in usage_conflicts, published as usage.conflict, and counted nowhere. VALIDATION '
  'meter_unknown, usage_subject_missing.';
grant execute on function app_private.record_usage to app_engine;

-- How a meter adds up. What stands is counted where it stands and has no records.
create or replace function app_private.require_meter(meter text) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_aggregation text;
begin
  select meters.aggregation into v_aggregation
  from app_public.meters
  where meters.key = require_meter.meter and not meters.is_standing;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'meter_unknown', jsonb_build_object('meter', require_meter.meter));
  end if;
  return v_aggregation;
end;
$$;

comment on function app_private.require_meter is 'The aggregation of a meter of usage; VALIDATION meter_unknown.';
grant execute on function app_private.require_meter to app_engine;

-- Told twice, it is one conflict.
create or replace function app_private.keep_usage_conflict(
  record app_public.usage_records,
  meter text,
  quantity numeric,
  subject_id uuid,
  occurred_at timestamptz,
  details jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_conflict_id uuid;
begin
  if exists (
    select from app_public.usage_conflicts as known
    where known.organization_id = record.organization_id and known.source = record.source and known.key = record.key
      and known.meter = keep_usage_conflict.meter and known.quantity = keep_usage_conflict.quantity
      and known.subject_id is not distinct from keep_usage_conflict.subject_id
      and known.occurred_at = keep_usage_conflict.occurred_at and known.details = keep_usage_conflict.details
  ) then
    return;
  end if;
  insert into app_public.usage_conflicts (organization_id, source, key, meter, quantity, subject_id, occurred_at, details, received_at)
  values (record.organization_id, record.source, record.key, keep_usage_conflict.meter, keep_usage_conflict.quantity,
          keep_usage_conflict.subject_id, keep_usage_conflict.occurred_at, keep_usage_conflict.details, app_hidden.now())
  returning id into v_conflict_id;
  perform app_private.publish('usage.conflict', record.organization_id, record.id, jsonb_build_object(
    'usageRecordId', record.id, 'usageConflictId', v_conflict_id));
end;
$$;

comment on function app_private.keep_usage_conflict is 'Keeps what differs from a record under the same key, and publishes usage.conflict.';
grant execute on function app_private.keep_usage_conflict to app_engine;

-- One record more: the same as counting them all again, as app_private.usage_differences() does.
create or replace function app_private.add_to_summary(record app_public.usage_records, aggregation text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period tstzrange := app_private.usage_period_at(record.organization_id, record.occurred_at);
  v_adds numeric := case when aggregation in ('count', 'unique') then 1 else record.quantity end;
begin
  if aggregation = 'unique' then
    insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
    values (record.organization_id, record.meter, lower(v_period), record.subject_id)
    on conflict do nothing;
    v_adds := case when found then 1 else 0 end;
  end if;
  insert into app_public.usage_summaries as summary
    (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
  values (record.organization_id, record.meter, lower(v_period), upper(v_period), v_adds, 1, record.occurred_at)
  on conflict on constraint usage_summaries_pkey do update
    set period_ends_at = excluded.period_ends_at,
        records = summary.records + 1,
        quantity = case aggregation
          when 'max' then greatest(summary.quantity, excluded.quantity)
          when 'latest' then
            case when excluded.last_occurred_at >= summary.last_occurred_at then excluded.quantity else summary.quantity end
          else summary.quantity + excluded.quantity
        end,
        last_occurred_at = greatest(summary.last_occurred_at, excluded.last_occurred_at);
end;
$$;

comment on function app_private.add_to_summary is 'Adds a record to the summary of its period. Whoever calls it holds usage_watermark().';
grant execute on function app_private.add_to_summary to app_engine;
