-- Servers share spending through one function. FND-27.

alter table app_private.spent_allowances enable row level security;
alter table app_private.spent_allowances force row level security;

grant select, insert, update, delete on app_private.spent_allowances to app_engine;

drop policy if exists spent_allowances_all_engine on app_private.spent_allowances;
create policy spent_allowances_all_engine on app_private.spent_allowances
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.spent_allowances', 'operations',
  '{"operational": ["key_digest", "spent_until"]}',
  unaudited => 'Counters that are gone within the hour.');
