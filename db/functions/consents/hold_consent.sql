-- The same for one purpose, for what only has to know: messages ask it as they leave. FND-17, FND-15.

create or replace function app_private.hold_consent(organization_id uuid, patient_profile_id uuid, purpose text) returns boolean
language sql volatile
set search_path = ''
as $$
  select purpose = any (app_private.hold_consents(organization_id, patient_profile_id, array[purpose]))
$$;

comment on function app_private.hold_consent is
  'Whether a patient''s consent to this purpose stands; locks it until the transaction ends, so that a withdrawal comes after.';
grant execute on function app_private.hold_consent to app_engine;
