-- Read when something is told and when it leaves; changed by migrations only. FND-15.

select app_private.classify('app_private.message_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["template_key", "channel", "locale", "version", "title", "body"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_templates', engine => 'select');
