-- Written by publish(), read by consumers; never changed, and deleted when their time is over. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "depth", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
-- What it updates is refused by a trigger; without the right it could lock no row that it is about to delete.
select app_private.protect('app_private.events', engine => 'select, insert, update (position), delete');
-- What a consumer was not told yet, what messages, automations and webhooks name as their cause, and what led to another event.
select app_private.retain('app_private.events', 'correspondence', 'delete', kept_from => 'occurred_at', not_while => $sql$
  exists (select from app_private.event_deliveries as still
          where still.scope_id = events.scope_id and still.event_id = events.id)
  or exists (select from app_public.messages as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_public.automation_executions as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_public.webhook_events as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_private.events as still
             where still.scope_id = events.scope_id and still.cause_id = events.id)
$sql$);
