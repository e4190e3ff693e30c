-- What nobody but the platform can put right is told to its staff: usage that was told in two ways, and an AI call without a price. Of one
-- clinic and source, and of one model, once in a day: a vendor that is wrong is wrong a thousand times. FND-15, FND-24.

create or replace function app_private.messages_about_usage(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template constant text := case event.name when 'usage.conflict' then 'usage_conflict' else 'ai_price_missing' end;
  v_recipients constant app_private.message_recipient[] := app_private.platform_recipients();
  v_data jsonb;
begin
  if event.name = 'usage.conflict' then
    select jsonb_build_object('usageSource', conflicts.source, 'usageKey', conflicts.key) into v_data
    from app_public.usage_conflicts as conflicts
    where conflicts.organization_id = event.organization_id and conflicts.id = (event.payload ->> 'usageConflictId')::uuid;
  else
    select jsonb_build_object('aiModel', calls.model, 'currency', calls.currency) into v_data
    from app_public.ai_calls as calls
    where calls.organization_id = event.organization_id and calls.usage_record_id = event.subject_id;
  end if;
  if v_recipients is null or v_data is null or exists (
    select from app_public.messages
    where messages.organization_id = event.organization_id
      and messages.template_key = v_template
      and messages.created_at > event.occurred_at - interval '1 day'
      and messages.event_id <> event.id
      and messages.data - 'usageKey' = v_data - 'usageKey'
  ) then
    return;
  end if;
  perform app_private.notify_many(event.organization_id, v_template, v_recipients, v_data, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_usage is
  'Queues what usage.conflict and ai_call.price_missing call for: a mail and a note to each superadmin, once a day for clinic and source or model.';
grant execute on function app_private.messages_about_usage to app_engine;

create or replace function app_private.platform_recipients() returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  select array_agg(row(null, humans.principal_id, null, null, null, null, null)::app_private.message_recipient order by humans.principal_id)
  from app_public.principals
  join app_public.humans on humans.principal_id = principals.id and humans.closed_at is null
  where principals.platform_role = 'superadmin' and principals.disabled_at is null
$$;

comment on function app_private.platform_recipients is 'The superadmins of the platform; null when there is none.';
grant execute on function app_private.platform_recipients to app_engine;
