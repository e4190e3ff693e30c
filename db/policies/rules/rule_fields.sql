-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_fields', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "position", "collection", "type", "label_en", "label_ro", "source", "permission", "cost", "value_sql", "turns_sql", "choices", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_fields', engine => 'select');
