-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.

select app_private.classify('app_public.invitations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.invitations', 'patient_profile_id', 'on_merge_invitations');
select app_private.protect('app_public.invitations',
  engine => 'select, insert, update', guard => true, facts => '{person name, email email}');

grant select on app_public.invitations to app_member;

create policy invitations_select_staff on app_public.invitations for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.rights('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.rights('patients.manage'))::uuid[])
    end
  );
