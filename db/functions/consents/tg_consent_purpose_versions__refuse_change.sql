-- What somebody accepted is not rewritten, by nobody. A row at a time, because the files of db/reference ask each time
-- whether a row is as they say. FND-16.

create or replace function app_private.tg_consent_purpose_versions__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'consent_version_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_consent_purpose_versions__refuse_change is 'Refuses update, delete and truncate of a version.';

create or replace trigger _200_refuse_change before update or delete on app_public.consent_purpose_versions
  for each row execute function app_private.tg_consent_purpose_versions__refuse_change();
create or replace trigger _200_refuse_truncate before truncate on app_public.consent_purpose_versions
  for each statement execute function app_private.tg_consent_purpose_versions__refuse_change();
