-- Who answered and who withdrew, by name, for whoever may see the row: the account itself may be hidden from them. CNS-09.

-- A row that comes as an argument may be made up: only its id is taken, and read again with the caller's rights.
create or replace function app_private.consent_for_caller(consent_id uuid) returns app_public.consents
language sql stable
set search_path = ''
begin atomic
  select consents
  from app_public.consents
  where consents.id = consent_for_caller.consent_id
    and (consents.human_id = app_hidden.current_account_id()
         or consents.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
         or consents.organization_id = any (app_hidden.organization_ids_where('patients.view')));
end;

comment on function app_private.consent_for_caller is 'The consent of this id, where the caller may see it; null otherwise.';
grant execute on function app_private.consent_for_caller to app_engine;

set role app_engine;

create or replace function app_public.consents_decided_by_name(consent app_public.consents) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select humans.display_name
  from app_public.humans
  where humans.principal_id = (select consents.decided_by from app_private.consent_for_caller((consent).id) as consents);
end;

comment on function app_public.consents_decided_by_name is
  E'@nullable\nWho answered or recorded the answer, by name; null for a link or a kiosk.';
grant execute on function app_public.consents_decided_by_name to app_member;

create or replace function app_public.consents_withdrawn_by_name(consent app_public.consents) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select humans.display_name
  from app_public.humans
  where humans.principal_id = (select consents.withdrawn_by from app_private.consent_for_caller((consent).id) as consents);
end;

comment on function app_public.consents_withdrawn_by_name is E'@nullable\nWho withdrew it, by name; null while it stands.';
grant execute on function app_public.consents_withdrawn_by_name to app_member;

reset role;
