-- Written by the verbs about dead letters. FND-28.

select app_private.classify('app_private.dead_letter_decisions', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
select app_private.protect('app_private.dead_letter_decisions', engine => 'select, insert');
