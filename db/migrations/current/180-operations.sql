-- What operators see and do: jobs that used up their attempts, and what was decided about them. FND-28.

-- squawk-ignore ban-drop-table
drop table if exists app_private.dead_letter_decisions;
drop type if exists app_public.dead_letter cascade;

create type app_public.dead_letter as (
  job_id bigint,
  task text,
  key text,
  payload jsonb,
  attempts int,
  last_error text,
  queued_at timestamptz,
  failed_at timestamptz
);
comment on type app_public.dead_letter is
  'A job that used up its attempts. Its payload carries ids only; lastError was written without personal data.';

create table app_private.dead_letter_decisions (
  id uuid primary key default uuidv7(),
  job_id bigint not null,
  task text not null,
  key text,
  payload jsonb not null,
  last_error text,
  decision text not null,
  reason text,
  decided_by uuid not null references app_public.principals on delete restrict,
  decided_at timestamptz not null,
  constraint dead_letter_decisions_decision_is_known check (decision in ('replayed', 'discarded')),
  constraint dead_letter_decisions_discarding_says_why check (decision = 'replayed' or length(btrim(reason)) between 3 and 500)
);
create index dead_letter_decisions_decided_by_idx on app_private.dead_letter_decisions (decided_by);
comment on table app_private.dead_letter_decisions is 'Who tried a dead job again or threw it away, and why.';
