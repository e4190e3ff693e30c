-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.

alter table app_public.invitations enable row level security;
alter table app_public.invitations force row level security;

grant select on app_public.invitations to app_member;

drop policy if exists invitations_select_staff on app_public.invitations;
create policy invitations_select_staff on app_public.invitations
  for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
    end
  );

grant select, insert, update on app_public.invitations to app_engine;
drop policy if exists invitations_all_engine on app_public.invitations;
create policy invitations_all_engine on app_public.invitations
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of name, email on app_public.invitations
  for each row execute function app_private.tg_read_facts('person name', 'email email');

create or replace trigger _200_guard_state before insert or update of status on app_public.invitations
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.invitations
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.invitations', 'clinic',
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
