-- Servers share spending through one function. FND-27.

select app_private.classify('app_private.spent_allowances', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["key_digest", "spent_until"]}',
  unaudited => 'Counters that are gone within the hour.');
select app_private.protect('app_private.spent_allowances', engine => 'select, insert, update, delete');
