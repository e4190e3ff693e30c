-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.

set role app_engine;
create or replace function app_private.notify_many(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  data jsonb default '{}',
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.message_types;
  v_recipients app_private.message_recipient[];
  v_problem text;
begin
  select message_types.* into v_type
  from app_private.message_types
  where message_types.key = notify_many.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object('template', notify_many.template_key));
  end if;

  if (v_type.calendar_status is null) <> (notify_many.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object('template', v_type.key));
  end if;

  select recipient.locale into v_problem
  from unnest(notify_many.recipients) as recipient
  where recipient.locale <> all (array['ro', 'en'])
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', v_type.key, 'locale', v_problem));
  end if;

  select difference.name into v_problem
  from unnest(notify_many.recipients) as recipient
  cross join lateral (
    select given.name
    from jsonb_object_keys(coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}')) as given (name)
    where given.name <> all (v_type.variables)
    union all
    select needed.name
    from unnest(v_type.variables) as needed (name)
    where not coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}') ? needed.name
      -- What is left out has no link.
      and not exists (select from app_private.link_kinds where link_kinds.data_key = needed.name)
  ) as difference
  order by difference.name
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_problem));
  end if;

  if exists (
    select from unnest(notify_many.recipients) as recipient
    where case
      when recipient.patient_profile_id is not null then not exists (
        select from app_public.patients
        where patients.organization_id = notify_many.organization_id
          and patients.patient_profile_id = recipient.patient_profile_id)
      when recipient.human_id is not null then not exists (
        select from app_public.humans where humans.principal_id = recipient.human_id)
      else recipient.name is null
    end
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_recipient_unknown', jsonb_build_object('template', v_type.key));
  end if;

  select array_agg(
    row(recipient.patient_profile_id, recipient.human_id, recipient.name, recipient.email, recipient.phone,
        recipient.locale, coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}'))::app_private.message_recipient)
  into v_recipients
  from unnest(notify_many.recipients) as recipient
  where notify_many.event_id is null or not exists (
    select from app_public.messages
    where messages.organization_id = notify_many.organization_id
      and messages.event_id = notify_many.event_id
      and messages.template_key = notify_many.template_key
      and messages.recipient = coalesce(
        recipient.patient_profile_id::text, recipient.human_id::text, app_hidden.ascii_lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

reset role;
