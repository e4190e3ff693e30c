-- Verbs remember and repeat through functions; nobody else sees what was answered. FND-26.

alter table app_private.remembered_mutations enable row level security;
alter table app_private.remembered_mutations force row level security;

grant select, insert, update, delete on app_private.remembered_mutations to app_engine;

drop policy if exists remembered_mutations_all_engine on app_private.remembered_mutations;
create policy remembered_mutations_all_engine on app_private.remembered_mutations
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.remembered_mutations', 'idempotency_keys',
  '{"auth_secret": ["request_digest", "arguments_digest", "response"], "operational": ["operation", "created_at"]}',
  protected => '{"digest": ["request_digest", "arguments_digest"], "ciphertext": ["response"]}',
  unaudited => 'Kept for a day, unreadable without the caller''s key; the mutation itself is audited.');
select app_private.retain('app_private.remembered_mutations', 'idempotency_keys', 'delete', kept_from => 'created_at');
