-- Who the caller is, for comparing with a patient's profile: the name that they say, else the one of the account, and
-- the birthday that they say, else the one that a profile of theirs has. FND-07, FND-34.

create or replace function app_private.asserted_identity(
  given_name text, family_name text, said_birth_date date, out name_key text, out birth_date date
)
language sql stable
set search_path = ''
begin atomic
  select
    app_private.name_key(coalesce(
      nullif(btrim(concat_ws(' ', asserted_identity.given_name, asserted_identity.family_name)), ''), humans.display_name)),
    coalesce(asserted_identity.said_birth_date, (
      select min(known.birth_date) from app_public.patient_profiles as known where known.human_id = humans.principal_id))
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id();
end;

comment on function app_private.asserted_identity is
  'The caller''s name as name_key compares it, and birthday where one is said or known.';
grant execute on function app_private.asserted_identity to app_engine;
