-- A new clinic gets the templates of forms that the product brings. FRM-03, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "predefined_forms"}', rows => '
  event_name           | messages_function
  ---------------------+------------------
  organization.created |
');
