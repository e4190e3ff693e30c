-- The round robin's counters are the engine's alone: nobody may lend their turn a hand. SCH-04.

select app_private.classify('app_private.specialist_assignment_tracking', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "assigned_count", "last_assigned_at"]}',
  unaudited => 'Counters of the round robin: they follow from bookings, which are audited.');
select app_private.protect('app_private.specialist_assignment_tracking', engine => 'select, insert, update');
