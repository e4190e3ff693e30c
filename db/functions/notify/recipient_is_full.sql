-- Whether somebody was told as much as visitors may cause: whoever asks and withdraws in a loop, with a stranger's address,
-- would have a clinic write to that stranger as often as they like. FND-35, APT-09.
-- Counted is what left or will leave; the caller holds the lock of the mailbox.

set role app_engine;
create or replace function app_private.recipient_is_full(
  organization_id uuid,
  visitor_limit text,
  channel text,
  address text
) returns boolean
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  own_accounts as (
    select choice.organization_id
    from app_public.organization_service_providers as choice
    where choice.capability = recipient_is_full.channel and choice.integration_id is not null
  ),
  told as (
    select messages.created_at, messages.organization_id = recipient_is_full.organization_id as is_ours,
      not exists (select from own_accounts where own_accounts.organization_id = messages.organization_id) as by_platform
    from app_public.messages
    join app_private.message_types on message_types.key = messages.template_key
    where messages.mailbox = app_private.mailbox_of(recipient_is_full.address)
      and messages.channel = recipient_is_full.channel
      and messages.created_at > (select clock.now from clock) - interval '1 day'
      and messages.status not in ('skipped', 'suppressed')
      and message_types.visitor_limit = recipient_is_full.visitor_limit
  ),
  counted as (
    select
      count(*) filter (where told.is_ours) as per_day,
      count(*) filter (where told.is_ours and told.created_at > (select clock.now from clock) - interval '1 hour') as per_hour,
      count(*) filter (where told.by_platform) as platform_per_day,
      count(*) filter (where told.by_platform and told.created_at > (select clock.now from clock) - interval '1 hour') as platform_per_hour
    from told
  )
  select exists (
    select from counted
    join app_private.visitor_limits
      on visitor_limits.name = recipient_is_full.visitor_limit
        and (counted.per_hour >= visitor_limits.per_hour or counted.per_day >= visitor_limits.per_day)
      or visitor_limits.name = recipient_is_full.visitor_limit || '_of_platform'
        and (counted.platform_per_hour >= visitor_limits.per_hour or counted.platform_per_day >= visitor_limits.per_day)
        and not exists (
          select from own_accounts where own_accounts.organization_id = recipient_is_full.organization_id))
$$;

comment on function app_private.recipient_is_full is
  'Whether a mailbox or telephone got as many messages as visitors may cause: from this clinic, or, where it sends '
  'through the platform''s account, from all that do.';

reset role;
