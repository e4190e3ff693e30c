-- What a clinic wants a consumer to hear, said anew whenever its rules or subscriptions change. FND-14.
-- Whoever changes them locks them first, so that of two at once the later says what both leave.

create or replace function app_private.keep_interests(organization_id uuid, consumer text, event_names text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.event_interests as interests
  where interests.organization_id = keep_interests.organization_id
    and interests.consumer = keep_interests.consumer
    and interests.event_name <> all (event_names);
  insert into app_private.event_interests (organization_id, consumer, event_name)
  select distinct keep_interests.organization_id, keep_interests.consumer, wanted
  from unnest(event_names) as wanted
  order by wanted
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_interests is
  'From now on the consumer is told of these events of the clinic, and of no others. The caller has locked what they follow from.';
grant execute on function app_private.keep_interests to app_engine;
