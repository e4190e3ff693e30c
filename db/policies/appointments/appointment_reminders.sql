-- Of which appointments patients were reminded; only the worker's functions read and write it. APT-08.

select app_private.classify('app_private.appointment_reminders', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "appointment_id", "starts_at", "minutes_before", "reminded_at"]}',
  unaudited => 'What was told stands in messages.');
select app_private.protect('app_private.appointment_reminders', engine => 'select, insert, update, delete');
select app_private.retain('app_private.appointment_reminders', 'operations', 'delete', kept_from => 'starts_at');
