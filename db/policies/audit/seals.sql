-- Written at commit, read by verification. FND-09.

alter table audit.seals enable row level security;
alter table audit.seals force row level security;

grant select, insert on audit.seals to app_engine;
drop policy if exists seals_all_engine on audit.seals;
create policy seals_all_engine on audit.seals
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.seals', 'ledger',
  '{"operational": ["id", "scope_id", "sequence", "occurred_at", "sealed_at", "entries", "entries_hash", "bytes", "hash"]}',
  unaudited => 'The audit log itself.');
