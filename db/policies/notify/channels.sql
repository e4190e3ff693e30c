-- Read by the rules that choose a channel; changed by migrations only. FND-15.

select app_private.classify('app_private.channels', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "reaches", "quiet_from", "quiet_until", "per_person_and_day", "description"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.channels', engine => 'select');
