-- What verification compares a chain with. FND-09.

alter table audit.anchored_heads enable row level security;
alter table audit.anchored_heads force row level security;

grant select, insert on audit.anchored_heads to app_engine;
drop policy if exists anchored_heads_all_engine on audit.anchored_heads;
create policy anchored_heads_all_engine on audit.anchored_heads
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.anchored_heads', 'ledger',
  '{"operational": ["anchor_number", "scope_id", "sequence", "hash"]}',
  unaudited => 'The audit log itself.');
