-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

alter table app_private.time_claims enable row level security;
alter table app_private.time_claims force row level security;

grant select, insert, update on app_private.time_claims to app_engine;
drop policy if exists time_claims_all_engine on app_private.time_claims;
create policy time_claims_all_engine on app_private.time_claims
  for all to app_engine
  using (true)
  with check (true);
