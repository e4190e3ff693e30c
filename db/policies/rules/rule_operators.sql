-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_operators', home => 'platform', retention => 'reference', classes =>
  '{"public": ["type", "code", "position", "label_en", "label_ro", "operand", "condition_sql", "turning_days"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_operators', engine => 'select');
