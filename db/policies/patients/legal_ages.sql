-- Ages the law sets; migrations write them, functions read them. FND-07.

select app_private.classify('app_private.legal_ages', home => 'platform', retention => 'reference', classes =>
  '{"public": ["rule", "years", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.legal_ages', engine => 'select');
