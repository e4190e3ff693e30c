-- Who works where: seen by colleagues and by oneself, written by `accept_invitation` and `end_membership`. FND-04.

alter table app_public.memberships enable row level security;
alter table app_public.memberships force row level security;

grant select on app_public.memberships to app_member;

drop policy if exists memberships_select_staff on app_public.memberships;
create policy memberships_select_staff on app_public.memberships
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, update on app_public.memberships to app_engine;
drop policy if exists memberships_all_engine on app_public.memberships;
create policy memberships_all_engine on app_public.memberships
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.memberships
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.memberships', 'clinic',
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["human_id", "member_name"]}',
  person_column => 'human_id');
