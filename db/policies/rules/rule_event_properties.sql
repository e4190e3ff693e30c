-- Read by the builder of conditions; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_event_properties', home => 'platform', retention => 'reference', classes =>
  '{"public": ["property", "label_en", "label_ro", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_event_properties', engine => 'select');
