-- A hard limit of text messages is asked as one leaves, and skips it: whatever caused the message stands. FND-20, docs/decisions/0203.
-- One that is on its way has its place until the vendor has taken it or refused it, so two at once cannot both be the last. What goes by the
-- clinic's own account is not the platform's to limit.

create or replace function app_private.text_may_leave(message app_public.messages) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_limit bigint;
begin
  if message.channel <> 'sms' or app_private.texts_by_own_account(message.organization_id) then
    return true;
  end if;
  v_limit := app_private.hard_limit(message.organization_id, 'sms_messages');
  if v_limit is null then
    return true;
  end if;
  perform app_private.usage_watermark(message.organization_id);
  return app_private.usage_now(message.organization_id, 'sms_messages') + (
    select count(*)
    from app_public.messages as other
    where other.organization_id = message.organization_id
      and other.channel = 'sms' and other.status = 'queued' and other.attempted_at is not null
      and other.id <> message.id
  ) < v_limit;
end;
$$;

comment on function app_private.text_may_leave is
  'Whether a message is no text message by the platform''s account, or the hard limit of the clinic''s tier has place for it; then the lock of the '
  'clinic''s usage is held until the transaction ends.';
grant execute on function app_private.text_may_leave to app_engine;

create or replace function app_private.texts_by_own_account(organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.organization_service_providers as choice
    where choice.organization_id = texts_by_own_account.organization_id
      and choice.capability = 'sms'
      and choice.integration_id is not null);
end;

comment on function app_private.texts_by_own_account is 'Whether the text messages of a clinic go by an account of its own.';
grant execute on function app_private.texts_by_own_account to app_engine;
