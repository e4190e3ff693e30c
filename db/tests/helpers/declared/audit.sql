-- Allowed in audit, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.record_readings(uuid[],uuid[],text,text)',
   'The server''s own word, in the reader''s name, before an answer about one patient leaves.'),
  ('audit.open_month(timestamp with time zone)',
   'Only the owner of a partitioned table may attach to it; takes a time, makes two empty tables.');

insert into tests.allowed_definer_functions (reason, function)
select 'The audit log: nobody has a grant on what it writes and reads; each says in its file who may ask for what.', unnest(array[
  'app_public.audit_entries_values(app_public.audit_entries)',
  'app_public.my_chart_readings(uuid)',
  'app_public.open_patient_chart(uuid)',
  'audit.chains()',
  'audit.confirm_anchor(bigint)',
  'audit.first_fault(uuid,bigint,bigint,timestamp with time zone,timestamp with time zone)',
  'audit.open_months(integer)',
  'audit.prepare_anchor()',
  'audit.stored_anchors()',
  'audit.tg_audit()',
  'audit.tg_entries__seal()',
  'audit.unlike_anchor(jsonb)',
  'audit.verify(uuid,timestamp with time zone,timestamp with time zone)',
  'audit.verify_sequences(uuid,bigint,bigint)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('definer_functions', 'audit.open_month(timestamp with time zone)',
   'Only the owner of a partitioned table may attach to it; it takes a time and no text, and row security leaves the owner no row.'),
  ('facts', 'audit.entries.table_name', 'The name of a table.'),
  ('growth', 'audit.heads', 'One row a clinic.'),
  ('homes', 'audit.anchored_heads',
   'What an anchor says of a clinic''s chain; anchors are kept where they were made.'),
  ('person_columns', 'audit.entries.person_id', 'Entries outlive the rows they speak of, so no key holds them.'),
  ('positions', 'audit.entries.position', 'Within its seal; audit.verify() names what stands there twice.'),
  ('references', 'audit.entries.organization_id', 'A clinic may go; what was done there stays.'),
  ('references', 'audit.entries.person_id', 'A patient profile or a human, who may be erased.'),
  ('references', 'audit.entries.scope_id', 'Generated from organization_id.'),
  ('references', 'audit.entries.seal_id',
   'The seal is written at commit, after its entries; verification looks for it.'),
  ('tenant_identity', 'audit.entries',
   'scope_id is the clinic, or zero for the platform; nothing references an entry.'),
  ('tenant_rows', 'audit.entries', 'What has no clinic is in the platform''s chain.'),
  ('tenant_uniques', 'audit.entries_pkey', 'scope_id is the clinic, or zero for the platform.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'The chains of a server, verified and anchored there.', unnest(array[
  'audit.chains()',
  'audit.confirm_anchor(bigint)',
  'audit.open_months(integer)',
  'audit.prepare_anchor()',
  'audit.stored_anchors()',
  'audit.unlike_anchor(jsonb)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'Proves the entries of the audit, and is kept as long as they are: anchors every hour, a head of each clinic that moved.', unnest(array[
  'audit.anchored_heads',
  'audit.anchors'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'references', 'A clinic, or zero for the platform; the chain outlives both.', unnest(array[
  'audit.anchored_heads.scope_id',
  'audit.heads.scope_id',
  'audit.seals.scope_id'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'references', 'Whoever acted may be erased; that they acted stays.', unnest(array[
  'audit.entries.actor_id',
  'audit.entries.impersonator_id'
]);
