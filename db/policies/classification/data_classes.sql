-- What a class means, read wherever personal data is handled. FND-12.

select app_private.classify('app_private.data_classes', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "is_personal", "is_masked", "is_encrypted"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.data_classes', engine => 'select');
