-- Written by the verbs about dead letters. FND-28.

alter table app_private.dead_letter_decisions enable row level security;
alter table app_private.dead_letter_decisions force row level security;

grant select, insert on app_private.dead_letter_decisions to app_engine;

drop policy if exists dead_letter_decisions_all_engine on app_private.dead_letter_decisions;
create policy dead_letter_decisions_all_engine on app_private.dead_letter_decisions
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.dead_letter_decisions', 'ledger',
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
