-- What words of payment providers mean; migrations keep it. BIL-09.

select app_private.classify('app_private.patient_payment_statuses', home => 'platform', retention => 'reference', classes =>
  '{"public": ["provider", "provider_word", "subscription_status", "rank"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.patient_payment_statuses', engine => 'select');
