-- Read when a vendor reports; changed by migrations only. FND-15, FND-35.

alter table app_private.message_moves enable row level security;
alter table app_private.message_moves force row level security;

grant select on app_private.message_moves to app_engine;
drop policy if exists message_moves_select_engine on app_private.message_moves;
create policy message_moves_select_engine on app_private.message_moves
  for select to app_engine
  using (true);

drop policy if exists message_moves_all_migrator on app_private.message_moves;
create policy message_moves_all_migrator on app_private.message_moves
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_moves', 'reference',
  '{"public": ["report", "from_state", "to_state", "unless_reported"]}',
  unaudited => 'Reference data that only migrations change.');
