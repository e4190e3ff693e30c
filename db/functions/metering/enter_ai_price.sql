-- A superadmin enters what a unit of a model costs, and from when. What was priced before keeps its price; calls that waited for this one
-- are priced now, and come onto the next bills. FND-24.

set role app_engine;

create or replace function app_public.enter_ai_price(
  model text,
  unit text,
  currency text,
  price_per_million numeric,
  valid_from timestamptz
) returns app_public.ai_model_prices
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_price app_public.ai_model_prices;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if model !~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$' then
    perform app_hidden.refuse('VALIDATION', 'ai_model_malformed', '{"field": "model"}');
  elsif unit !~ '^[a-z]+(_[a-z]+)*$' or length(unit) > 63 then
    perform app_hidden.refuse('VALIDATION', 'ai_unit_malformed', '{"field": "unit"}');
  elsif currency !~ '^[A-Z]{3}$' then
    perform app_hidden.refuse('VALIDATION', 'currency_malformed', '{"field": "currency"}');
  elsif not (price_per_million >= 0 and price_per_million < 1e12 and scale(price_per_million) <= 9) then
    perform app_hidden.refuse('VALIDATION', 'ai_price_out_of_range', '{"field": "pricePerMillion"}');
  elsif valid_from not between '2000-01-01' and '2200-01-01' then
    perform app_hidden.refuse('VALIDATION', 'ai_price_time_malformed', '{"field": "validFrom"}');
  end if;

  -- One after the other; calls without a price are recorded before, and found below, or afterwards, and find the price.
  perform pg_advisory_xact_lock(hashtextextended('ai_model_prices', 0));
  update app_public.ai_model_prices as known set valid_until = enter_ai_price.valid_from
  where known.model = enter_ai_price.model and known.unit = enter_ai_price.unit and known.currency = enter_ai_price.currency
    and known.valid_from < enter_ai_price.valid_from
    and (known.valid_until is null or known.valid_until > enter_ai_price.valid_from)
    -- What was so until now stays so: calls were priced by it.
    and enter_ai_price.valid_from >= app_hidden.now();
  if exists (
    select from app_public.ai_model_prices as known
    where known.model = enter_ai_price.model and known.unit = enter_ai_price.unit and known.currency = enter_ai_price.currency
      and known.valid_from <= enter_ai_price.valid_from
      and (known.valid_until is null or known.valid_until > enter_ai_price.valid_from)
  ) then
    perform app_hidden.refuse('CONFLICT', 'ai_price_is_known', '{"field": "validFrom"}');
  end if;
  insert into app_public.ai_model_prices (model, unit, currency, price_per_million, valid_from, valid_until, created_at)
  values (enter_ai_price.model, enter_ai_price.unit, enter_ai_price.currency, enter_ai_price.price_per_million, enter_ai_price.valid_from, (
    select min(later.valid_from) from app_public.ai_model_prices as later
    where later.model = enter_ai_price.model and later.unit = enter_ai_price.unit and later.currency = enter_ai_price.currency
      and later.valid_from > enter_ai_price.valid_from), app_hidden.now())
  returning * into v_price;
  perform app_private.price_waiting_calls(v_price.model, v_price.currency);
  return v_price;
end;
$$;

comment on function app_public.enter_ai_price is
  E'@arg model The name of the model, as calls say it.\n'
  '@arg unit What is counted of a call: input_tokens, output_tokens.\n'
  '@arg pricePerMillion What a million units cost, in minor units of the currency; may have a fraction.\n'
  '@arg validFrom From when; in the past only where no price is known yet.\n'
  'Enters a price, valid until the next one that is known. Calls that waited for it are priced. Superadmin only; CONFLICT ai_price_is_known.';
grant execute on function app_public.enter_ai_price to app_member;

reset role;

-- All calls of a clinic that can be priced now are known at one new position, so that a bill which was closed before does not have them.
create or replace function app_private.price_waiting_calls(model text, currency text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_position bigint;
begin
  for v_organization_id in
    select distinct waiting.organization_id
    from app_public.ai_calls as waiting
    where waiting.model = price_waiting_calls.model and waiting.currency = price_waiting_calls.currency and waiting.cost is null
    order by waiting.organization_id
  loop
    v_position := app_private.usage_watermark(v_organization_id) + 1;
    update app_public.ai_calls as calls set cost = priced.cost, priced_position = v_position
    from (
      select waiting.usage_record_id, app_private.ai_cost(waiting.model, waiting.units, waiting.currency, waiting.occurred_at) as cost
      from app_public.ai_calls as waiting
      where waiting.organization_id = v_organization_id and waiting.model = price_waiting_calls.model
        and waiting.currency = price_waiting_calls.currency and waiting.cost is null
    ) as priced
    where calls.organization_id = v_organization_id and calls.usage_record_id = priced.usage_record_id and priced.cost is not null;
    if found then
      update app_private.usage_positions set last_position = v_position where usage_positions.organization_id = v_organization_id;
    end if;
  end loop;
end;
$$;

comment on function app_private.price_waiting_calls is 'Prices the calls of a model that had no price, clinic by clinic.';
grant execute on function app_private.price_waiting_calls to app_engine;
