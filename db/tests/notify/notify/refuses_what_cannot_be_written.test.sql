-- Test: notify - an unknown message, person or language, a missing or an unknown variable is refused and leaves nothing. FND-15.
begin;
select plan(24);
select tests.clinic('boreal');
select tests.patient('boris');
select tests.clinic('atlas');
select tests.patient('ana');
create temporary table complete as select
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}'::jsonb as data;
create function pg_temp.tell(template text, data jsonb, locale text default 'ro', uid uuid default uuidv7(),
  name text default 'Ana Pop', email text default 'ana@people.test', phone text default null, patient uuid default null,
  human uuid default null) returns uuid[] language sql as $$
  select app_private.notify(tests.id('atlas'), template, data, patient, human, name, email, phone, locale, calendar_uid => uid)
$$;

select tests.refuses($$select pg_temp.tell('love_letter', '{}')$$, 'VALIDATION', 'message_template_unknown', 'a message that does not exist');
select tests.refuses($$select pg_temp.tell('appointment_booked', data, 'fr') from complete$$, 'VALIDATION', 'message_template_unknown', 'a language that does not exist');
select tests.refuses($$select pg_temp.tell('appointment_booked', data - 'timezone') from complete$$, 'VALIDATION', 'message_variables_mismatch', 'a missing variable');
select tests.refuses($$select pg_temp.tell('appointment_booked', data || '{"diagnosis": "x"}') from complete$$, 'VALIDATION', 'message_variables_mismatch', 'an unknown variable');
select tests.refuses($$select pg_temp.tell('appointment_booked', null)$$, 'VALIDATION', 'message_variables_mismatch', 'no variables');
select tests.refuses($$select pg_temp.tell('appointment_booked', data, uid => null) from complete$$, 'VALIDATION', 'message_calendar_mismatch', 'a calendar file without an entry');
select tests.refuses($$select pg_temp.tell('appointment_booked', data, patient => tests.id('boris')) from complete$$, 'NOT_FOUND', 'message_recipient_unknown', 'a patient of another clinic');
select tests.refuses($$select pg_temp.tell('appointment_booked', data, human => uuidv7()) from complete$$, 'NOT_FOUND', 'message_recipient_unknown', 'a human who does not exist');
select tests.refuses($$select pg_temp.tell('appointment_booked', data, name => null) from complete$$, 'NOT_FOUND', 'message_recipient_unknown', 'a contact without a name');
select tests.breaks($$select pg_temp.tell('appointment_booked', data, email => 'not an address') from complete$$, 'messages_recipient_email_is_valid', 'what is no address');
select tests.breaks($$select pg_temp.tell('appointment_booked', data, phone => '0722 000 111') from complete$$, 'messages_recipient_phone_is_a_phone_number', 'what is no telephone number');
select tests.refuses(
  $$select app_private.notify_many(tests.id('atlas'), 'appointment_booked',
      array[row(null, null, 'Ana', 'ana@people.test', null, 'ro', null), row(null, null, 'Dan', 'dan@people.test', null, 'ro', '{"x": 1}')]::app_private.message_recipient[],
      data, calendar_uid => uuidv7()) from complete$$,
  'VALIDATION', 'message_variables_mismatch', 'one of many with an unknown variable: nobody is told');
select * from finish();
rollback;
