-- A program of the platform tells that a clinic called an AI model. The call's own key makes a repeat the same call. FND-24.
-- A key that comes again with another content is kept as a conflict, which a refusal would take back: it is answered in a word, and the
-- door refuses when it is committed.

set role app_engine;

create or replace function app_hidden.record_ai_call_by_key(
  digest bytea, organization_id uuid, key text, model text, units jsonb, occurred_at timestamptz
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_call app_public.ai_calls;
  v_answer jsonb;
begin
  perform app_private.use_service_key(digest, 'ai_calls');
  v_remembered := app_private.remembered(
    'record_ai_call_by_key', jsonb_build_array(organization_id, key, model, units, occurred_at));
  if v_remembered is not null then
    return v_remembered;
  end if;
  perform from app_public.organizations
  where organizations.id = record_ai_call_by_key.organization_id and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;

  v_call := app_private.record_ai_call(organization_id, key, model, units, occurred_at);
  v_answer := jsonb_build_object(
    'verdict', case when v_call.model = record_ai_call_by_key.model and v_call.units = record_ai_call_by_key.units
                      and v_call.occurred_at = record_ai_call_by_key.occurred_at then 'recorded' else 'conflict' end,
    'call', jsonb_build_object(
      'id', v_call.usage_record_id,
      'organization_id', v_call.organization_id,
      'model', v_call.model,
      'units', v_call.units,
      'occurred_at', v_call.occurred_at,
      'currency', v_call.currency,
      'cost', v_call.cost::text));
  perform app_private.remember('record_ai_call_by_key', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.record_ai_call_by_key is
  'Records a call of an AI model for the holder of a key of the platform: {verdict: recorded or conflict, call}.';
grant execute on function app_hidden.record_ai_call_by_key to app_authenticator;

reset role;
