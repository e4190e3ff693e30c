-- Whether a profile is one that its person may take over, whatever proves that they are the person. FND-07, FND-32, FND-34.

create or replace function app_private.may_be_claimed(profile app_public.patient_profiles) returns boolean
language sql stable
set search_path = ''
begin atomic
  select
    -- A child's profile carries the parent's address; the child is not the parent.
    not exists (select from app_public.caregivers where caregivers.patient_profile_id = (profile).id)
    -- Nor is someone who is too young for an account of their own.
    and ((profile).birth_date is null
         or (profile).birth_date
            + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
            <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
    -- Who was merged into another patient is that one now.
    and not exists (
      select from app_public.patient_merges
      where patient_merges.merged_profile_id = (profile).id and patient_merges.undone_at is null);
end;

comment on function app_private.may_be_claimed is
  'False for whoever has caregivers, is too young for an account, or was merged into somebody.';
grant execute on function app_private.may_be_claimed to app_engine;
