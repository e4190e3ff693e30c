-- The round robin's counters are the engine's alone: nobody may lend their turn a hand. SCH-04.

alter table app_private.specialist_assignment_tracking enable row level security;
alter table app_private.specialist_assignment_tracking force row level security;

grant select, insert, update on app_private.specialist_assignment_tracking to app_engine;
drop policy if exists specialist_assignment_tracking_all_engine on app_private.specialist_assignment_tracking;
create policy specialist_assignment_tracking_all_engine on app_private.specialist_assignment_tracking
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.specialist_assignment_tracking', 'clinic',
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "assigned_count", "last_assigned_at"]}',
  unaudited => 'Counters of the round robin: they follow from bookings, which are audited.');
