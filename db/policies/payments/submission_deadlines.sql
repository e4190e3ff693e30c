-- The law's deadlines for electronic invoices: read by functions, written by migrations. BIL-04.

select app_private.classify('app_private.submission_deadlines', home => 'platform', retention => 'reference', classes =>
  '{"public": ["country", "valid_from", "days", "counts", "citation"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_private.submission_deadlines', engine => 'select');
