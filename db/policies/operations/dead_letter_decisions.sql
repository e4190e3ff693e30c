-- Written by the verbs about dead letters. FND-28.

select app_private.classify('app_private.dead_letter_decisions', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
-- To lock a row, one must be allowed to update some column of it.
select app_private.protect('app_private.dead_letter_decisions', engine => 'select, insert, delete, update (id)');
-- What was decided stays in the audit. A dead job that nobody decided about is in the queue, and is never purged.
select app_private.retain('app_private.dead_letter_decisions', 'operations', 'delete', kept_from => 'decided_at');
