-- Which prices were told to be missing, once a day: read and written by functions only. FND-24.

select app_private.classify('app_private.missing_ai_prices', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["model", "unit", "currency", "missed_on", "missed_at"]}',
  unaudited => 'The event says the same.');
select app_private.protect('app_private.missing_ai_prices', engine => 'select, insert, update (missed_at), delete');
select app_private.retain('app_private.missing_ai_prices', 'operations', 'delete', 'missed_at');
