-- An invitation is for one profile and stays with it; an open one is taken back, since it would open an account on a record
-- that has ended. The undo leaves it so: whoever is two again is invited again. FND-34.

create or replace function app_private.on_merge_invitations(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = duplicate.organization_id
    and invitations.patient_profile_id = duplicate.patient_profile_id
    and invitations.status = 'open';
  select '{}'::jsonb;
end;

comment on function app_private.on_merge_invitations is 'Takes back the open invitations of the duplicate at the clinic. Nothing moves.';
grant execute on function app_private.on_merge_invitations to app_engine;
