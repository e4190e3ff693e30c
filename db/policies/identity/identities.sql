-- Which sign-in is which human: only `sign_in` reads and writes it. FND-03.
-- requires: functions/core/classify.sql

alter table app_private.identities enable row level security;
alter table app_private.identities force row level security;

grant select, insert on app_private.identities to app_engine;
drop policy if exists identities_all_engine on app_private.identities;
create policy identities_all_engine on app_private.identities
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.identities', 'account',
  '{"operational": ["issuer", "linked_at"], "pii_basic": ["subject", "principal_id"]}',
  person_column => 'principal_id');
