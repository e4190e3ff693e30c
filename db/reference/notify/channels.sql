-- Ways to tell somebody something, and the quiet hours and the cap of whoever set none. FND-15.
-- reaches: what must be known of a person. Quiet hours are local times; the cap counts 24 hours.

select app_private.own_rows('app_private.channels', rows => '
  name     | reaches | quiet_from | quiet_until | per_person_and_day | description
  ---------+---------+------------+-------------+--------------------+------------------------------------------
  email    | email   |            |             |                    | A mail.
  in_app   | account |            |             |                    | An item of the inbox inside the app.
  push     | account | 21:00:00   | 08:00:00    |                    | A notice in the browser.
  sms      | phone   | 21:00:00   | 08:00:00    | 10                 | A text message.
  whatsapp | phone   | 21:00:00   | 08:00:00    |                    | A message over WhatsApp, as approved there.
');
