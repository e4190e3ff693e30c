-- Read when something is told, added to by a STOP, taken from by a START. FND-15.

alter table app_private.opt_outs enable row level security;
alter table app_private.opt_outs force row level security;

grant select, insert, update (to_own_account), delete on app_private.opt_outs to app_engine;
drop policy if exists opt_outs_all_engine on app_private.opt_outs;
create policy opt_outs_all_engine on app_private.opt_outs
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.opt_outs', 'clinic',
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "since", "to_own_account"]}',
  unaudited => 'Each row is the record of one wish.');
