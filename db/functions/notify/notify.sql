-- Queues one message to a person in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice is the same message, so a consumer may be retried.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.notify(
  organization_id uuid,
  template_key text,
  recipient_email text,
  recipient_name text,
  locale text,
  data jsonb,
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_template app_private.message_templates;
  v_problem text;
  v_sequence int;
  v_id uuid;
begin
  select message_templates.* into v_template
  from app_private.message_templates
  where message_templates.key = notify.template_key and message_templates.locale = notify.locale
  order by message_templates.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', notify.template_key, 'locale', notify.locale));
  end if;

  select coalesce(given.name, needed.name) into v_problem
  from jsonb_object_keys(notify.data) as given (name)
  full join unnest(v_template.variables) as needed (name) on given.name = needed.name
  where given.name is null or needed.name is null
  order by 1
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', notify.template_key, 'variable', v_problem));
  end if;

  if (v_template.calendar_status is null) <> (notify.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object(
      'template', notify.template_key));
  end if;
  if notify.calendar_uid is not null then
    select count(*) into v_sequence
    from app_private.messages
    where messages.organization_id = notify.organization_id
      and messages.calendar_uid = notify.calendar_uid
      and messages.recipient_email = notify.recipient_email;
  end if;

  insert into app_private.messages
    (organization_id, template_key, template_version, locale, recipient_email, recipient_name, data,
     event_id, calendar_uid, calendar_sequence, created_at)
  values
    (notify.organization_id, v_template.key, v_template.version, v_template.locale, notify.recipient_email,
     notify.recipient_name, notify.data, notify.event_id, notify.calendar_uid, v_sequence, app_hidden.now())
  on conflict on constraint messages_event_is_told_once do nothing
  returning id into v_id;

  if v_id is null then
    select messages.id into strict v_id
    from app_private.messages
    where messages.organization_id = notify.organization_id
      and messages.event_id = notify.event_id
      and messages.template_key = notify.template_key
      and messages.recipient_email = notify.recipient_email;
    return v_id;
  end if;

  -- Twelve attempts take about sixteen hours; after that a mail about a time helps nobody.
  perform graphile_worker.add_job(
    'deliver_email', json_build_object('messageId', v_id), job_key => 'email:' || v_id, max_attempts => 12);
  return v_id;
end;
$$;

comment on function app_private.notify(uuid, text, text, text, text, jsonb, uuid, uuid) is
  'Queues a message from a template. An unknown template, a missing or an unknown variable is refused; the same '
  'event, template and recipient give the same message.';

revoke all on function app_private.notify(uuid, text, text, text, text, jsonb, uuid, uuid) from public;
reset role;
