-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  organization_id uuid,
  locale text,
  recipient_email text,
  recipient_name text,
  subject text,
  body text,
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
begin
  update app_private.messages
  set status = 'failed', failed_reason = 'suppressed'
  where messages.id = claim_message.message_id
    and messages.status = 'queued'
    and exists (
      select from app_private.suppressed_addresses
      where suppressed_addresses.address = lower(messages.recipient_email));

  return query
  with claimed as (
    update app_private.messages
    set attempts = messages.attempts + 1
    where messages.id = claim_message.message_id and messages.status = 'queued'
    returning messages.*
  )
  select
    claimed.organization_id, claimed.locale, claimed.recipient_email, claimed.recipient_name,
    message_templates.subject, message_templates.body, claimed.data, message_templates.calendar_status,
    claimed.calendar_uid, claimed.calendar_sequence, claimed.created_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from claimed
  join app_private.message_templates
    on message_templates.key = claimed.template_key
    and message_templates.locale = claimed.locale
    and message_templates.version = claimed.template_version
  join app_public.organizations on organizations.id = claimed.organization_id;
end;
$$;

comment on function app_private.claim_message(uuid) is
  'The queued message with its template and sender; no row when it was sent, has failed or may not be sent.';

revoke all on function app_private.claim_message(uuid) from public;
grant execute on function app_private.claim_message(uuid) to app_worker;
reset role;
