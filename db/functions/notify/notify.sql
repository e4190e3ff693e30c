-- Tells one person something in the transaction of its cause. FND-15.

set role app_engine;
create or replace function app_private.notify(
  organization_id uuid,
  template_key text,
  data jsonb,
  patient_profile_id uuid default null,
  human_id uuid default null,
  name text default null,
  email text default null,
  phone text default null,
  locale text default null,
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language sql volatile security definer
set search_path = ''
as $$
  select app_private.notify_many(
    notify.organization_id,
    notify.template_key,
    array[row(notify.patient_profile_id, notify.human_id, notify.name, notify.email, notify.phone, notify.locale, null)::app_private.message_recipient],
    notify.data,
    notify.event_id,
    notify.calendar_uid)
$$;

comment on function app_private.notify is
  'Queues a message to a patient profile, to a human, or to a bare contact with a name and an address; answers the '
  'ids of its messages, one per channel. Told before about this event: none.';

reset role;
