-- Who left is no longer looked at: the clinic keeps the name under which they worked, and nothing that changes. FND-04.

alter table app_public.memberships
  add column if not exists member_name text,
  drop constraint if exists memberships_member_name_is_of_the_past,
  add constraint memberships_member_name_is_of_the_past check ((ended_at is null) = (member_name is null)) not valid;
comment on column app_public.memberships.member_name is
  'How a former member was called when they left, since what they did stays attributed to them; null while they work there.';

set role app_engine;
update app_public.memberships set member_name = humans.display_name
from app_public.humans
where humans.principal_id = memberships.human_id
  and memberships.ended_at is not null and memberships.member_name is null;
reset role;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.memberships validate constraint memberships_member_name_is_of_the_past;
