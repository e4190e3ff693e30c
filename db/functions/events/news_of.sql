-- What screens of clinics are told: ids of what happened lately, out of the ledger of events. The servers
-- ask while somebody watches, so that a booking pays nothing for it; they know what they have told already, and whoever is
-- told reads the row under their own rights. FND-15, SCH-12.
-- Half a minute, because an event has the time at which it was written and is seen when its transaction has ended.

set role app_engine;

create or replace function app_hidden.news_of(organization_ids uuid[], subject_types text[], seconds int default 30)
returns table (id uuid, organization_id uuid, subject_type text, subject_id uuid, specialist_ids uuid[])
language sql stable strict security definer
set search_path = ''
as $$
  select events.id, events.organization_id, events.subject_type, events.subject_id,
         array_remove(array[(events.payload ->> 'specialistId')::uuid, (events.payload ->> 'fromSpecialistId')::uuid], null)
  from app_private.events
  -- By the time in the id: the last rows of the index.
  where events.id >= (select app_private.first_id_at(clock_timestamp() - make_interval(secs => seconds)))
    and events.organization_id = any (organization_ids)
    and events.subject_type = any (subject_types)
  order by events.id
$$;

comment on function app_hidden.news_of is
  'Events of these clinics about such subjects in the last seconds, oldest first, by their ids, with the specialists they name.';
grant execute on function app_hidden.news_of to app_authenticator;

reset role;
