-- Days on which nobody works: read by functions, written by migrations. BIL-04.

select app_private.classify('app_private.public_holidays', home => 'platform', retention => 'reference', classes =>
  '{"public": ["country", "day", "name"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_private.public_holidays', engine => 'select');
