-- A key of a program, whose secret a test can say: the platform's without a clinic.
create or replace function tests.service_key(name text, clinic text default null) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_principal_id uuid;
  v_id uuid;
begin
  insert into app_public.principals (kind) values ('service_account') returning id into v_principal_id;
  insert into app_public.service_account_keys (organization_id, name, scope, principal_id, digest, last_four)
  values (case when service_key.clinic is not null then tests.clinic_id(service_key.clinic) end, service_key.name,
          case when service_key.clinic is null then 'ai_calls' else 'patient_subscriptions' end, v_principal_id,
          tests.service_digest(service_key.name), right(tests.service_token(service_key.name), 4))
  returning id into v_id;
  perform tests.remember('principal of ' || service_key.name, v_principal_id);
  return tests.remember(service_key.name, v_id);
end;
$$;

create or replace function tests.service_token(name text) returns text
language sql immutable
return 'rxsk_' || left(translate(encode(sha256(convert_to(service_token.name, 'UTF8')), 'base64'), '+/=', '-_'), 43);

create or replace function tests.service_digest(name text) returns bytea
language sql immutable
return sha256(convert_to(tests.service_token(service_digest.name), 'UTF8'));

-- A patient's subscription, linked with the clinic's payment provider.
create or replace function tests.linked(subscription text, reference text, provider text default 'own') returns uuid
language sql volatile security definer
as $$
  with made as (
    insert into app_public.patient_subscription_links (organization_id, subscription_id, provider, external_reference)
    select s.organization_id, s.id, linked.provider, linked.reference
    from app_public.patient_subscriptions s where s.id = tests.id(linked.subscription)
    returning id)
  select tests.remember(linked.reference, made.id) from made;
$$;
