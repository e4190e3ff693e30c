-- Test: message_templates - every text exists in both languages, names only what it is given, and is spelt right. FND-15.
begin;
select plan(6);
create temporary view tags as
  select key, locale, version, match[2] as tag
  from app_private.message_templates
  cross join regexp_matches(subject || ' ' || body, '\{\{([#/^]?)\s*([A-Za-z]+)\s*\}\}', 'g') as match;

select is_empty(
  $$select key from app_private.message_templates group by key, version having array_agg(locale order by locale) <> '{en,ro}'$$,
  'each in Romanian and in English');
select is_empty(
  $$select key from app_private.message_templates
    group by key, version having count(distinct variables) > 1 or count(distinct coalesce(calendar_status, '')) > 1$$,
  'with the same variables and the same calendar status');
select is_empty(
  $$select key, locale, tag from tags
    join app_private.message_templates using (key, locale, version)
    where tag <> all (variables || '{when,respondByWhen,recipientName,inPerson,video,phone,clinicName,clinicPhone,clinicEmail,clinicAddress}')$$,
  'no text names what it is not given');
select is_empty(
  $$select key, locale from app_private.message_templates
    where (length(body) - length(replace(body, '{{#', ''))) <> (length(body) - length(replace(body, '{{/', ''))) or body ~ '\{\{[{&>!]'$$,
  'sections are closed, and nothing but sections and names is used');
select is_empty(
  $$select key from app_private.message_templates where subject || body ~ '[şţŞŢ]'$$,
  'ș and ț have a comma below, not a cedilla');
select is_empty(
  $$select template_key from (values ('booking_request_received'), ('booking_request_to_review'), ('booking_request_confirmed'),
      ('booking_request_rejected'), ('booking_request_expired'), ('appointment_booked'), ('appointment_cancelled')) as used (template_key)
    except select key from app_private.message_templates$$,
  'what consume_notifications writes exists');
select * from finish();
rollback;
