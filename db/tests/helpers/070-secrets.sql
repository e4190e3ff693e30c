-- Data keys and envelopes for tests that never open them: the shape is right, the bytes are anything. FND-11.

create or replace function tests.data_key(clinic text default null, version int default 1) returns uuid
language sql volatile security definer
as $$
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (tests.clinic_id(data_key.clinic), data_key.version, extensions.gen_random_bytes(96), 'test master key')
  on conflict on constraint data_keys_version_is_unique do update set version = excluded.version
  returning id;
$$;

comment on function tests.data_key(text, int) is 'A data key of the clinic, made if it is not there.';

create or replace function tests.envelope(version int default 1) returns app_private.ciphertext
language sql volatile
as $$
  select ('\x52584501'::bytea || int4send(version) || extensions.gen_random_bytes(60))::app_private.ciphertext;
$$;

comment on function tests.envelope(int) is 'Something that looks sealed with this version of the data key.';

create or replace function tests.integration(name text, provider text default 'twilio', clinic text default null) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  perform tests.data_key(integration.clinic);
  insert into app_public.organization_integrations (organization_id, provider, label, settings, credentials, last_four)
  values (tests.clinic_id(integration.clinic), integration.provider, integration.name, '{}', tests.envelope(),
          '{"authToken": "9f3c"}')
  returning id into v_id;
  return tests.remember(integration.name, v_id);
end;
$$;

comment on function tests.integration(text, text, text) is 'A clinic''s account at a vendor, by name.';
