-- Ways to tell somebody something, and the quiet hours and the cap of whoever set none. FND-15.
-- reaches: what must be known of a person. Quiet hours are local times; the cap counts 24 hours.

select app_private.own_rows('app_private.channels', rows => '
  name     | reaches | quiet_from | quiet_until | per_person_and_day
  ---------+---------+------------+-------------+-------------------
  email    | email   |            |             |
  in_app   | account |            |             |
  push     | account | 21:00:00   | 08:00:00    |
  sms      | phone   | 21:00:00   | 08:00:00    | 10
  whatsapp | phone   | 21:00:00   | 08:00:00    |
');
