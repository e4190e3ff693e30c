-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_collections', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_en", "label_ro", "source", "permission", "table_name", "person_sql", "time_sql", "event_property"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_collections', engine => 'select');
