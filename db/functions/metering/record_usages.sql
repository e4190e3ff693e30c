-- Many things that were used, each as record_usage() does it, in a few statements. FND-24.

create or replace function app_private.record_usages(
  organization_id uuid,
  meter text,
  source text,
  keys text[],
  quantities numeric[],
  occurred_at timestamptz[],
  subject_ids uuid[] default null
) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_aggregation text := app_private.require_meter(record_usages.meter);
  v_position bigint := app_private.usage_watermark(record_usages.organization_id);
  v_count bigint;
  v_differs record;
begin
  if v_aggregation = 'unique' and (subject_ids is null or array_position(subject_ids, null) is not null) then
    perform app_hidden.refuse('VALIDATION', 'usage_subject_missing', jsonb_build_object('meter', record_usages.meter));
  end if;
  -- Of a key that is given twice, the first.
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at, recorded_at)
  select record_usages.organization_id, v_position + row_number() over (order by given.place), record_usages.meter, record_usages.source,
         given.key, given.quantity, given.subject_id, given.occurred_at, app_hidden.now()
  from (
    select distinct on (told.key) told.key, told.quantity, told.occurred_at, told.subject_id, told.place
    from unnest(keys, quantities, record_usages.occurred_at, subject_ids) with ordinality
      as told (key, quantity, occurred_at, subject_id, place)
    order by told.key, told.place
  ) as given
  where not exists (
    select from app_public.usage_records as known
    where known.organization_id = record_usages.organization_id and known.source = record_usages.source and known.key = given.key);
  get diagnostics v_count = row_count;

  update app_private.usage_positions set last_position = v_position + v_count
  where usage_positions.organization_id = record_usages.organization_id;
  perform app_private.add_to_summaries(record_usages.organization_id, record_usages.meter, v_aggregation, v_position);

  for v_differs in
    select known as record, told.quantity, told.subject_id, told.occurred_at
    from unnest(keys, quantities, record_usages.occurred_at, subject_ids) with ordinality
      as told (key, quantity, occurred_at, subject_id, place)
    join app_public.usage_records as known
      on known.organization_id = record_usages.organization_id and known.source = record_usages.source and known.key = told.key
    where (known.meter, known.quantity, known.subject_id, known.occurred_at)
      is distinct from (record_usages.meter, told.quantity, told.subject_id, told.occurred_at)
    order by told.place
  loop
    perform app_private.keep_usage_conflict(
      v_differs.record, record_usages.meter, v_differs.quantity, v_differs.subject_id, v_differs.occurred_at);
  end loop;
  return v_count;
end;
$$;

comment on function app_private.record_usages is
  'Records many uses of one meter, given as lists of equal length; how many of them were new. Refuses and keeps apart as record_usage() does.';
grant execute on function app_private.record_usages to app_engine;

create or replace function app_private.add_to_summaries(organization_id uuid, meter text, aggregation text, after_position bigint)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  with added as materialized (
    select records.* from app_public.usage_records as records
    where records.organization_id = add_to_summaries.organization_id and records.position > after_position
  ),
  spanned as materialized (
    select added.position, added.quantity, added.subject_id, added.occurred_at, spans.during
    from (select min(added.occurred_at) as first_at, max(added.occurred_at) as last_at from added) as stretch
    cross join lateral app_private.usage_periods_between(add_to_summaries.organization_id, stretch.first_at, stretch.last_at) as spans
    join added on added.occurred_at >= spans.starts_at and added.occurred_at < spans.ends_at
  ),
  subjects as (
    insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
    select distinct add_to_summaries.organization_id, add_to_summaries.meter, lower(spanned.during), spanned.subject_id
    from spanned
    where aggregation = 'unique'
    on conflict do nothing
    returning period_starts_at
  )
  insert into app_public.usage_summaries as summary
    (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
  select add_to_summaries.organization_id, add_to_summaries.meter, lower(spanned.during), upper(spanned.during),
         case aggregation
           when 'sum' then sum(spanned.quantity)
           when 'count' then count(*)
           when 'max' then max(spanned.quantity)
           when 'latest' then (array_agg(spanned.quantity order by spanned.occurred_at desc, spanned.position desc))[1]
           else (select count(*) from subjects where subjects.period_starts_at = lower(spanned.during))
         end,
         count(*), max(spanned.occurred_at)
  from spanned
  group by spanned.during
  on conflict on constraint usage_summaries_pkey do update
    set period_ends_at = excluded.period_ends_at,
        records = summary.records + excluded.records,
        quantity = case aggregation
          when 'max' then greatest(summary.quantity, excluded.quantity)
          when 'latest' then
            case when excluded.last_occurred_at >= summary.last_occurred_at then excluded.quantity else summary.quantity end
          else summary.quantity + excluded.quantity
        end,
        last_occurred_at = greatest(summary.last_occurred_at, excluded.last_occurred_at);
end;
$$;

comment on function app_private.add_to_summaries is
  'Adds the records of one meter after a position to the summaries of their periods. Whoever calls it holds usage_watermark().';
grant execute on function app_private.add_to_summaries to app_engine;
