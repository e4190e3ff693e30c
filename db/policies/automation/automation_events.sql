-- Read when a rule is saved and when an event is published; changed by migrations only. AUT-01.

select app_private.classify('app_private.automation_events', home => 'platform', retention => 'reference', classes =>
  '{"public": ["event_name", "label_ro", "label_en", "has", "undone_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.automation_events', engine => 'select');
