-- Something was used, once: the record and what it adds to its period's summary are written together. FND-24.
-- Whoever tells the same again is answered with the record that is there. Something else under the same key is kept apart and told,
-- since nobody knows which of the two was so. Three statements, and no steps of its own where all is as usual: docs/decisions/0194.

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
  v_position bigint;
  v_period tstzrange;
  v_aggregation text;
  v_adds numeric := quantity;
  v_record app_public.usage_records;
begin
  -- The lock, the next position, the period that runs and the meter in one statement: a use costs what its statements do.
  loop
    update app_private.usage_positions as positions set last_position = positions.last_position + 1
    from app_public.meters
    where positions.organization_id = record_usage.organization_id and meters.key = record_usage.meter and not meters.is_standing
    returning positions.last_position, positions.period, meters.aggregation into v_position, v_period, v_aggregation;
    exit when found;
    perform app_private.require_meter(record_usage.meter);
    perform app_private.usage_watermark(record_usage.organization_id);
  end loop;
  if v_aggregation = 'unique' and subject_id is null then
    perform app_hidden.refuse('VALIDATION', 'usage_subject_missing', jsonb_build_object('meter', record_usage.meter));
  end if;
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at, recorded_at)
  values (record_usage.organization_id, v_position, record_usage.meter, record_usage.source, record_usage.key, record_usage.quantity,
          record_usage.subject_id, record_usage.occurred_at, app_hidden.now())
  on conflict on constraint usage_records_pkey do nothing
  returning * into v_record;
  if not found then
    update app_private.usage_positions set last_position = v_position - 1
    where usage_positions.organization_id = record_usage.organization_id;
    return app_private.known_usage(
      record_usage.organization_id, record_usage.meter, record_usage.source, record_usage.key, record_usage.quantity,
      record_usage.subject_id, record_usage.occurred_at);
  end if;

  if (v_period @> record_usage.occurred_at) is not true then
    v_period := app_private.find_usage_period(record_usage.organization_id, record_usage.occurred_at);
  end if;
  if v_aggregation = 'count' then
    v_adds := 1;
  elsif v_aggregation = 'unique' then
    insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
    values (record_usage.organization_id, record_usage.meter, lower(v_period), record_usage.subject_id)
    on conflict do nothing;
    v_adds := case when found then 1 else 0 end;
  end if;
  -- The same as counting all of them again, as usage_differences() does.
  update app_public.usage_summaries as summary
  set period_ends_at = upper(v_period),
      records = summary.records + 1,
      quantity = case v_aggregation
        when 'max' then greatest(summary.quantity, v_adds)
        when 'latest' then case when record_usage.occurred_at >= summary.last_occurred_at then v_adds else summary.quantity end
        else summary.quantity + v_adds
      end,
      last_occurred_at = greatest(summary.last_occurred_at, record_usage.occurred_at)
  where summary.organization_id = record_usage.organization_id and summary.meter = record_usage.meter
    and summary.period_starts_at = lower(v_period);
  if not found then
    insert into app_public.usage_summaries (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
    values (record_usage.organization_id, record_usage.meter, lower(v_period), upper(v_period), v_adds, 1, record_usage.occurred_at);
  end if;
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

-- The record of a key that was used. What is told otherwise is kept apart.
create or replace function app_private.known_usage(
  organization_id uuid, meter text, source text, key text, quantity numeric, subject_id uuid, occurred_at timestamptz
) returns app_public.usage_records
language plpgsql volatile
set search_path = ''
as $$
declare
  v_record app_public.usage_records;
begin
  select known.* into strict v_record
  from app_public.usage_records as known
  where known.organization_id = known_usage.organization_id and known.source = known_usage.source and known.key = known_usage.key;
  if (v_record.meter, v_record.quantity, v_record.subject_id, v_record.occurred_at)
     is distinct from (known_usage.meter, known_usage.quantity, known_usage.subject_id, known_usage.occurred_at) then
    perform app_private.keep_usage_conflict(
      v_record, known_usage.meter, known_usage.quantity, known_usage.subject_id, known_usage.occurred_at);
  end if;
  return v_record;
end;
$$;

comment on function app_private.known_usage is 'The record under a key that was used; what is told differently is kept as a conflict.';
grant execute on function app_private.known_usage to app_engine;

-- The period of an instant; an opened one that no other overlaps is kept with the position, so that what comes next need not look for it.
-- What is late does not take its place.
create or replace function app_private.find_usage_period(organization_id uuid, at timestamptz) returns tstzrange
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period tstzrange := app_private.usage_period_at(find_usage_period.organization_id, find_usage_period.at);
begin
  update app_private.usage_positions as positions set period = v_period
  from app_public.billing_periods as periods
  where positions.organization_id = find_usage_period.organization_id
    and (positions.period is null or upper(positions.period) <= lower(v_period))
    and periods.organization_id = find_usage_period.organization_id and periods.during = v_period
    and not exists (
      select from app_public.billing_periods as others
      where others.organization_id = find_usage_period.organization_id and others.during && v_period and others.id <> periods.id);
  return v_period;
end;
$$;

comment on function app_private.find_usage_period is
  'The span of usage_period_at(), kept in usage_positions where it is an opened billing period and the latest. Whoever calls it holds the lock.';
grant execute on function app_private.find_usage_period to app_engine;
