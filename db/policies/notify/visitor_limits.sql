-- Read when a visitor causes something; changed by migrations, or by an operator under attack. FND-35.

select app_private.classify('app_private.visitor_limits', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "per_hour", "per_day"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.visitor_limits', engine => 'select');
