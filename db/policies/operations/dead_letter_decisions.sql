-- Written by the verbs about dead letters. FND-28.

alter table app_private.dead_letter_decisions enable row level security;
alter table app_private.dead_letter_decisions force row level security;

-- To lock a row, one must be allowed to update some column of it.
grant select, insert, delete, update (id) on app_private.dead_letter_decisions to app_engine;

drop policy if exists dead_letter_decisions_all_engine on app_private.dead_letter_decisions;
create policy dead_letter_decisions_all_engine on app_private.dead_letter_decisions
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.dead_letter_decisions', 'operations',
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
-- What was decided stays in the audit. A dead job that nobody decided about is in the queue, and is never purged.
select app_private.retain('app_private.dead_letter_decisions', 'operations', 'delete', kept_from => 'decided_at');
