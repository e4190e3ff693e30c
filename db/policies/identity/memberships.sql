-- Who works where: seen by colleagues and by oneself, written by `accept_invitation` and `end_membership`. FND-04.

select app_private.classify('app_public.memberships', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["human_id", "member_name"]}',
  person_column => 'human_id');
select app_private.protect('app_public.memberships', engine => 'select, insert, update');

grant select on app_public.memberships to app_member;

create policy memberships_select_staff on app_public.memberships for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.memberships
  for each statement execute function app_private.tg_forget_rights();
