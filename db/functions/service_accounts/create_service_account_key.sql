-- A key for a program: 256 random bits, told this once; its digest is kept, and its last four characters to tell it by. FND-24, BIL-09.

set role app_engine;

create or replace function app_public.create_service_account_key(scope text, name text, organization_id uuid default null)
returns app_public.service_account_key_token
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_token text;
  v_principal_id uuid;
  v_key app_public.service_account_key_token;
begin
  perform app_private.require_key_owner(organization_id);
  v_remembered := app_private.remembered('create_service_account_key', jsonb_build_array(scope, name, organization_id));
  if v_remembered is not null then
    return jsonb_populate_record(v_key, v_remembered);
  end if;
  if scope is distinct from (case when organization_id is null then 'ai_calls' else 'patient_subscriptions' end) then
    perform app_hidden.refuse('VALIDATION', 'scope_not_offered', '{"field": "scope"}');
  end if;
  -- Two at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('service account keys of ' || coalesce(organization_id::text, 'the platform'), 0));
  if (
    select count(*) from app_public.service_account_keys as keys
    where keys.organization_id is not distinct from create_service_account_key.organization_id and keys.revoked_at is null
  ) >= 20 then
    perform app_hidden.refuse('CONFLICT', 'too_many_keys', '{"most": 20}');
  end if;

  v_token := 'rxsk_' || translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_');
  insert into app_public.principals (kind) values ('service_account') returning id into v_principal_id;
  insert into app_public.service_account_keys (organization_id, name, scope, principal_id, digest, last_four, created_by, created_at)
  values (create_service_account_key.organization_id, btrim(create_service_account_key.name), create_service_account_key.scope,
          v_principal_id, sha256(convert_to(v_token, 'UTF8')), right(v_token, 4), app_private.current_actor_id(), app_hidden.now())
  returning id into v_key.id;
  v_key.token := v_token;
  perform app_private.remember('create_service_account_key', to_jsonb(v_key));
  return v_key;
end;
$$;

comment on function app_public.create_service_account_key is
  E'@words scope service_account_keys.scope\n@arg scope What it is for: AI_CALLS of the platform, PATIENT_SUBSCRIPTIONS of a clinic.\n'
  '@arg name What people call it.\n@arg organizationId The clinic that it is for; the platform without one.\n'
  'Makes a key for a program; it is told this once. Needs integrations.manage, or superadmin for the platform''s. CONFLICT too_many_keys beyond twenty.';
grant execute on function app_public.create_service_account_key to app_member;

reset role;
