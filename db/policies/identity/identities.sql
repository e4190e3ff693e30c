-- Which sign-in is which human: only `sign_in` reads and writes it. FND-03.

alter table app_private.identities enable row level security;
alter table app_private.identities force row level security;

grant select, insert on app_private.identities to app_engine;
drop policy if exists identities_all_engine on app_private.identities;
create policy identities_all_engine on app_private.identities
  for all to app_engine
  using (true)
  with check (true);
