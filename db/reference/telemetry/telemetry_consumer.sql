-- What the consumer "telemetry" hears of: recordings that come to something. TEL-05, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "telemetry"}', rows => '
  event_name         | messages_function
  -------------------+------------------
  session.aggregated |
');
