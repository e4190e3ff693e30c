-- Begun, gone on with and finished by the worker. FND-11.

alter table app_private.key_rotations enable row level security;
alter table app_private.key_rotations force row level security;

grant select, insert, update on app_private.key_rotations to app_engine;

drop policy if exists key_rotations_all_engine on app_private.key_rotations;
create policy key_rotations_all_engine on app_private.key_rotations
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.key_rotations', 'ledger',
  '{"operational": ["id", "started_at", "finished_at"]}');
