-- To another patient a consent goes only with a merge that is on record, or with its undoing. Asked at the end of the
-- transaction, when the merge has been written. FND-34, CNS-03.

set role app_engine;

create or replace function app_private.tg_consents__moved() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.patient_merges
    where patient_merges.organization_id = new.organization_id
      and (patient_merges.patient_profile_id, patient_merges.merged_profile_id, patient_merges.undone_at is null) in (
        (new.patient_profile_id, old.patient_profile_id, true), (old.patient_profile_id, new.patient_profile_id, false))
      and patient_merges.moved -> 'app_public.consents.patient_profile_id' @> jsonb_build_array(jsonb_build_object('id', new.id))
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  return null;
end;
$$;

comment on function app_private.tg_consents__moved is 'Refuses a consent that went to another patient without a merge. Trigger _900_moved.';

reset role;

do $once$
begin
  if not exists (
    select from pg_catalog.pg_trigger where tgrelid = 'app_public.consents'::regclass and tgname = '_900_moved') then
    create constraint trigger _900_moved after update on app_public.consents
      deferrable initially deferred
      for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
      execute function app_private.tg_consents__moved();
  end if;
end;
$once$;
