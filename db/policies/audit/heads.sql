-- Moved at every commit that leaves an entry. FND-09.

alter table audit.heads enable row level security;
alter table audit.heads force row level security;

grant select, insert, update on audit.heads to app_engine;
drop policy if exists heads_all_engine on audit.heads;
create policy heads_all_engine on audit.heads
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.heads', 'ledger',
  '{"operational": ["scope_id", "sequence", "hash", "sealed_at"]}',
  unaudited => 'The audit log itself.');
