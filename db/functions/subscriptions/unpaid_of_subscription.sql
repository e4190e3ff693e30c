-- What a subscription was billed and has not paid, with the step of dunning that each is at. docs/decisions/0177 says what follows. BIL-05.

-- A bill is overdue when the day by which it is to be paid is over.
create or replace function app_private.overdue_at(due_on date, timezone text) returns timestamptz
language sql stable
set search_path = ''
return app_private.day_starts(overdue_at.due_on + 1, overdue_at.timezone);

comment on function app_private.overdue_at is 'From when a bill is overdue: the midnight after the day by which it is to be paid.';
grant execute on function app_private.overdue_at to app_engine;

create or replace function app_private.dunning_steps_of(subscription app_public.organization_subscriptions)
returns table (invoice_id uuid, day int, action text, due_at timestamptz, done_at timestamptz)
language sql stable
set search_path = ''
begin atomic
  select invoices.id, steps.day, steps.action,
         (invoices.due_on + steps.day + steps.at) at time zone (subscription).timezone, taken.done_at
  from app_public.invoices
  cross join app_public.dunning_steps as steps
  left join app_public.dunning_actions as taken
    on taken.organization_id = invoices.organization_id and taken.invoice_id = invoices.id
   and taken.day = steps.day and taken.action = steps.action
  where invoices.organization_id = (subscription).organization_id
    and invoices.subscription_id = (subscription).id
    and invoices.status = 'issued';
end;

comment on function app_private.dunning_steps_of is 'Every step of dunning of every unpaid bill of a subscription: when it is due, and was taken.';
grant execute on function app_private.dunning_steps_of to app_engine;

create or replace function app_private.is_overdue(subscription app_public.organization_subscriptions) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.invoices
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued'
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) <= app_hidden.now());
end;

comment on function app_private.is_overdue is 'Whether a bill of a subscription is overdue.';
grant execute on function app_private.is_overdue to app_engine;

-- Until when the present time is paid in advance, or billed in advance by a bill that is not overdue. Null: it is not.
create or replace function app_private.covered_until(subscription app_public.organization_subscriptions, paid_only boolean)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select max(covered.until)
  from (
    select lower(periods.during) as since,
           app_private.day_starts(app_private.term_ends_on(subscription, periods), (subscription).timezone) as until
    from app_public.invoices
    join app_public.billing_periods as periods
      on periods.organization_id = invoices.organization_id and periods.id = invoices.period_id
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.kind = 'advance'
      and (invoices.status = 'paid'
           or not covered_until.paid_only and invoices.status = 'issued'
              and app_private.overdue_at(invoices.due_on, (subscription).timezone) > app_hidden.now())
  ) as covered
  where covered.since <= app_hidden.now() and app_hidden.now() < covered.until;
end;

comment on function app_private.covered_until is
  'The end of the month or year that is paid in advance and has not passed; also of one whose bill is not overdue yet, unless paid_only.';
grant execute on function app_private.covered_until to app_engine;
