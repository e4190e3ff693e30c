-- Kept by keep_interests(), from the clinic's own rules and subscriptions; read when an event is published. FND-14.

select app_private.classify('app_private.event_interests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "consumer", "event_name"]}',
  unaudited => 'Follows from rows that are audited: automations, and subscriptions of webhooks.');
select app_private.protect('app_private.event_interests', engine => 'select, insert, delete');
