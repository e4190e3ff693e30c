-- What was done about an invoice that was not paid: each step once. BIL-05, docs/decisions/0177.

-- squawk-ignore ban-drop-table
drop table if exists app_public.dunning_actions cascade;

create table app_public.dunning_actions (
  organization_id uuid not null,
  invoice_id uuid not null,
  day int not null,
  action text not null,
  due_at timestamptz not null,
  done_at timestamptz not null,
  constraint dunning_actions_pkey primary key (organization_id, invoice_id, day, action),
  constraint dunning_actions_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint dunning_actions_action_is_a_step check (action in ('retry', 'suspend', 'cancel'))
);
comment on table app_public.dunning_actions is 'The steps of dunningSteps that were taken about an invoice.';
comment on column app_public.dunning_actions.action is
  E'@words own dunning_step_action\nWhat was done.\nretry: The payment is tried once more, where a card is charged.\nsuspend: The subscription is suspended.\ncancel: The subscription is canceled.';
comment on column app_public.dunning_actions.day is 'How many days after the day by which the invoice was to be paid.';
comment on column app_public.dunning_actions.due_at is 'When the step was due.';
comment on column app_public.dunning_actions.done_at is 'When it was taken: later than due, where service paid in advance was not to be cut, or nobody could act.';

drop type if exists app_public.dunning_preview_step cascade;
create type app_public.dunning_preview_step as (
  invoice_id uuid,
  day int,
  action text,
  due_at timestamptz,
  done_at timestamptz
);
comment on type app_public.dunning_preview_step is 'A step that follows when a bill is not paid.';
comment on column app_public.dunning_preview_step.day is 'How many days after the day by which the bill was to be paid.';
comment on column app_public.dunning_preview_step.action is
  E'@words own dunning_step_action\nWhat is done.\nretry: The payment is tried once more, where a card is charged.\nsuspend: The subscription is suspended.\ncancel: The subscription is canceled.';
comment on column app_public.dunning_preview_step.due_at is
  'When it is done if the bill stays unpaid: not before the time that is paid in advance ends.';
comment on column app_public.dunning_preview_step.done_at is E'@nullable\nWhen it was done.';
