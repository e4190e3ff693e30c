-- A call of an AI model that a clinic caused: a record of usage, with what it cost by the prices of its time. FND-24.
-- A price that nobody entered is told, and never taken for nothing: the call waits for it without a cost.

create or replace function app_private.record_ai_call(organization_id uuid, key text, model text, units jsonb, occurred_at timestamptz)
returns app_public.ai_calls
language plpgsql volatile
set search_path = ''
as $$
declare
  v_currency text := app_private.billing_currency(record_ai_call.organization_id);
  v_cost numeric;
  v_known app_public.usage_records;
  v_record app_public.usage_records;
  v_call app_public.ai_calls;
  v_unit text;
begin
  perform app_private.refuse_ai_call(key, model, units, record_ai_call.occurred_at);
  v_cost := app_private.ai_cost(model, units, v_currency, record_ai_call.occurred_at);
  if v_cost is null then
    -- Whoever enters the price comes first, or finds this call waiting for it.
    perform pg_advisory_xact_lock_shared(hashtextextended('ai_model_prices', 0));
    v_cost := app_private.ai_cost(model, units, v_currency, record_ai_call.occurred_at);
  end if;

  perform app_private.usage_watermark(record_ai_call.organization_id);
  select records.* into v_known
  from app_public.usage_records as records
  where records.organization_id = record_ai_call.organization_id and records.source = 'ai' and records.key = record_ai_call.key;
  if found then
    select calls.* into strict v_call
    from app_public.ai_calls as calls
    where calls.organization_id = v_known.organization_id and calls.usage_record_id = v_known.id;
    if (v_call.model, v_call.units, v_call.occurred_at)
       is distinct from (record_ai_call.model, record_ai_call.units, record_ai_call.occurred_at) then
      perform app_private.keep_usage_conflict(
        v_known, 'ai_calls', 1, null, record_ai_call.occurred_at, jsonb_build_object('model', model, 'units', units));
    end if;
    return v_call;
  end if;

  v_record := app_private.record_usage(record_ai_call.organization_id, 'ai_calls', 'ai', key, 1, record_ai_call.occurred_at);
  insert into app_public.ai_calls (organization_id, usage_record_id, model, units, occurred_at, currency, cost, priced_position)
  values (v_record.organization_id, v_record.id, record_ai_call.model, record_ai_call.units, v_record.occurred_at, v_currency, v_cost,
          case when v_cost is not null then v_record.position end)
  returning * into v_call;
  if v_cost is null then
    for v_unit in select app_private.units_without_price(model, units, v_currency, record_ai_call.occurred_at) loop
      insert into app_private.missing_ai_prices (model, unit, currency, missed_on, missed_at)
      values (record_ai_call.model, v_unit, v_currency, (app_hidden.now() at time zone 'UTC')::date, app_hidden.now())
      on conflict do nothing;
      if found then
        perform app_private.publish('ai_call.price_missing', v_record.organization_id, v_record.id, jsonb_build_object(
          'organizationId', v_record.organization_id, 'usageRecordId', v_record.id));
      end if;
    end loop;
  end if;
  return v_call;
end;
$$;

comment on function app_private.record_ai_call is
  'Records a call with how many of each unit it took ({"input_tokens": 1200}), and its exact cost in the currency of the clinic''s bills; null '
  'where a price is missing, which is published as ai_call.price_missing, once a day. A repeated key is answered with the call that is there; '
  'what differs from that is a conflict. VALIDATION usage_key_malformed, ai_model_malformed, ai_units_malformed, ai_call_time_malformed.';
grant execute on function app_private.record_ai_call to app_engine;

create or replace function app_private.refuse_ai_call(key text, model text, units jsonb, occurred_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if coalesce(length(key), 0) not between 1 and 200 or key ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'usage_key_malformed', '{"field": "key"}');
  elsif coalesce(model, '') !~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$' then
    perform app_hidden.refuse('VALIDATION', 'ai_model_malformed', '{"field": "model"}');
  elsif jsonb_typeof(units) is distinct from 'object' or (select count(*) not between 1 and 20 from jsonb_object_keys(units)) then
    perform app_hidden.refuse('VALIDATION', 'ai_units_malformed', '{"field": "units"}');
  elsif exists (
    select from jsonb_each(units) as given
    where given.key !~ '^[a-z]+(_[a-z]+)*$' or length(given.key) > 63
      or case jsonb_typeof(given.value) when 'number' then
           (given.value::text)::numeric not between 0 and 1e15 or trunc((given.value::text)::numeric) <> (given.value::text)::numeric
         else true end
  ) then
    perform app_hidden.refuse('VALIDATION', 'ai_units_malformed', '{"field": "units"}');
  elsif occurred_at is null or occurred_at > app_hidden.now() + interval '5 minutes' then
    perform app_hidden.refuse('VALIDATION', 'ai_call_time_malformed', '{"field": "occurredAt"}');
  end if;
end;
$$;

comment on function app_private.refuse_ai_call is 'Refuses what is no call: no key, no model, no whole numbers of units, or a time to come.';
grant execute on function app_private.refuse_ai_call to app_engine;

-- Exact: a product of decimals has no rounding.
create or replace function app_private.ai_cost(model text, units jsonb, currency text, at timestamptz) returns numeric
language sql stable
set search_path = ''
begin atomic
  select case when bool_and(prices.price_per_million is not null) then sum(used.value::numeric * prices.price_per_million * 0.000001) end
  from jsonb_each_text(ai_cost.units) as used
  left join app_public.ai_model_prices as prices
    on prices.model = ai_cost.model and prices.unit = used.key and prices.currency = ai_cost.currency
    and prices.valid_from <= ai_cost.at and (prices.valid_until is null or prices.valid_until > ai_cost.at);
end;

comment on function app_private.ai_cost is 'What a call costs by the prices of an instant, in minor units; null where one is missing.';
grant execute on function app_private.ai_cost to app_engine;

create or replace function app_private.units_without_price(model text, units jsonb, currency text, at timestamptz) returns setof text
language sql stable
set search_path = ''
begin atomic
  select used.key
  from jsonb_object_keys(units_without_price.units) as used (key)
  where not exists (
    select from app_public.ai_model_prices as prices
    where prices.model = units_without_price.model and prices.unit = used.key and prices.currency = units_without_price.currency
      and prices.valid_from <= units_without_price.at and (prices.valid_until is null or prices.valid_until > units_without_price.at))
  order by used.key;
end;

comment on function app_private.units_without_price is 'The units of a call that had no price at an instant.';
grant execute on function app_private.units_without_price to app_engine;
