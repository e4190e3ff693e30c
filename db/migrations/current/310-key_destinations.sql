-- A key belongs to its destination: it was entered for it, and goes nowhere else. FND-35, FND-23, FND-11.

-- Which settings say where an account is, or in whose name it speaks. Changing one of them asks for the keys again.
alter table app_public.service_providers drop constraint if exists service_providers_settings_say_where_keys_go;
alter table app_public.service_providers drop constraint if exists service_providers_credential_fields_are_declared;
alter table app_public.service_providers no force row level security;
update app_public.service_providers
set settings_fields = coalesce((
      select jsonb_agg(
        field.value || jsonb_build_object('destination', field.value ->> 'name' not in ('configurationSet', 'invoiceSeries'))
        order by field.ordinality)
      from jsonb_array_elements(settings_fields) with ordinality as field), '[]'),
    -- A password is chosen by people: four characters of it are a part of it.
    credential_fields = coalesce((
      select jsonb_agg(
        case when field.value ->> 'name' = 'password' then field.value || '{"kind": "password"}' else field.value end
        order by field.ordinality)
      from jsonb_array_elements(credential_fields) with ordinality as field), '[]');
alter table app_public.service_providers force row level security;
alter table app_public.service_providers
  -- A dozen rows that only migrations write: locks and scans concern nobody.
  -- squawk-ignore constraint-missing-not-valid
  add constraint service_providers_settings_say_where_keys_go check (
    not jsonb_path_exists(settings_fields, '$[*] ? (!(@.destination.type() == "boolean"))')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint service_providers_credential_fields_are_declared check (
    jsonb_typeof(credential_fields) = 'array'
    and not jsonb_path_exists(credential_fields, '$[*] ? (!(
      @.name like_regex "^[a-z][A-Za-z0-9]*$" && (@.kind == "secret" || @.kind == "password" || @.kind == "text")
      && @.label.type() == "string" && @.labelRo.type() == "string" && @.required.type() == "boolean"))'));
comment on column app_public.service_providers.credential_fields is
  'What is sealed: kind secret, password or text. Never readable again. The last four characters are shown of what has '
  'twenty or more, and nothing of a password.';
comment on column app_public.service_providers.settings_fields is
  'What is no secret: kind text, url, email, phone, integer or boolean. destination: it says where the account is or in '
  'whose name it speaks, so that changing it asks for the keys again.';

-- What the keys of an integration were entered for.
alter table app_public.organization_integrations add column if not exists credentials_bound_to text;
alter table app_public.organization_integrations no force row level security;
alter table app_public.organization_integrations disable trigger user;
update app_public.organization_integrations
set credentials_bound_to = jsonb_build_object('provider', service_providers.key, 'settings', coalesce((
      select jsonb_object_agg(field ->> 'name', organization_integrations.settings -> (field ->> 'name'))
      from jsonb_array_elements(service_providers.settings_fields) as field
      where (field ->> 'destination')::boolean), '{}'))::text,
    last_four = organization_integrations.last_four - 'password'
from app_public.service_providers
where service_providers.key = organization_integrations.provider and credentials_bound_to is null;
alter table app_public.organization_integrations enable trigger user;
alter table app_public.organization_integrations force row level security;
-- squawk-ignore adding-not-nullable-field
alter table app_public.organization_integrations alter column credentials_bound_to set not null;
comment on column app_public.organization_integrations.credentials_bound_to is
  E'@behavior -*\nProvider and destination that the keys were entered for, sealed into the envelope with them.';

-- Format 2 of an envelope has a destination among what it is bound to.
alter domain app_private.ciphertext drop constraint if exists ciphertext_is_an_envelope;
-- squawk-ignore ban-alter-domain-with-add-constraint
alter domain app_private.ciphertext add constraint ciphertext_is_an_envelope check (
  octet_length(value) >= 36
  and substr(value, 1, 4) in ('\x52584501', '\x52584502')
  and substr(value, 5, 4) between '\x00000001' and '\x7fffffff'
);

drop function if exists app_hidden.integration_form(uuid, text, uuid);
drop function if exists app_hidden.integration_account(uuid);
drop function if exists app_hidden.resolve_provider(uuid, text);
drop function if exists app_private.ciphertext_places();
drop function if exists app_private.envelopes_to_reseal(text, text, text, int);
