-- Which sign-in is which human: `sign_in` reads and makes it, the provider's events change it. FND-03, FND-25.

alter table app_private.identities enable row level security;
alter table app_private.identities force row level security;

grant select, insert, update on app_private.identities to app_engine;
drop policy if exists identities_all_engine on app_private.identities;
create policy identities_all_engine on app_private.identities
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.identities', 'account',
  '{"pii_basic": ["subject", "principal_id", "provider_name", "provider_locale"],
    "operational": ["issuer", "linked_at", "provider_changed_at", "banned_at", "ended_at"]}',
  person_column => 'principal_id');
