-- Read by the guard and by verbs, written by migrations only. APT-01.

alter table app_private.state_transitions enable row level security;
alter table app_private.state_transitions force row level security;

grant select on app_private.state_transitions to app_engine;

drop policy if exists state_transitions_select_engine on app_private.state_transitions;
create policy state_transitions_select_engine on app_private.state_transitions
  for select to app_engine
  using (true);

drop policy if exists state_transitions_all_migrator on app_private.state_transitions;
create policy state_transitions_all_migrator on app_private.state_transitions
  to app_owner using (true) with check (true);

select app_private.classify('app_private.state_transitions', 'reference',
  '{"public": ["entity", "from_state", "to_state", "actor", "permission", "not_before", "lead_minutes", "event",
               "quiet_because"]}',
  unaudited => 'Reference data that only migrations change.');
