-- What providers' statuses are here: the platform's list, for functions. BIL-01.

select app_private.classify('app_private.payment_provider_statuses', home => 'platform', retention => 'reference', classes =>
  '{"public": ["provider", "vendor_status", "status"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_private.payment_provider_statuses', engine => 'select');
