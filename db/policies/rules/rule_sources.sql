-- Read by the compiler of rules and by what marks patients to be looked at again; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_sources', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "table_name", "found_by", "detail_column"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_sources', engine => 'select');
