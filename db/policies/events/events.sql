-- Written by publish(), read by consumers; never changed. FND-14.

alter table app_private.events enable row level security;
alter table app_private.events force row level security;

grant select, insert on app_private.events to app_engine;

drop policy if exists events_all_engine on app_private.events;
create policy events_all_engine on app_private.events
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.events', 'ledger',
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
