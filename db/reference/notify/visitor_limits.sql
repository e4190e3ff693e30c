-- How much visitors can cause in an hour and in a day. FND-35. visitor, address: booking requests, whatever became of
-- them, at all clinics; waitlist_visitor, waitlist_address: joining waitlists, likewise. moves_of_a_booking: how often a guest moves
-- one booking. The others are messages to one mailbox or telephone: from one clinic, and _of_platform from all that send through
-- the platform's account. What an operator changed under attack stands until this file changes.

select app_private.own_rows('app_private.visitor_limits', rows => '
  name                   | per_hour | per_day
  -----------------------+----------+--------
  address                | 100      | 300
  front_desk             | 30       | 150
  front_desk_of_platform | 60       | 300
  guest                  | 6        | 15
  guest_of_platform      | 12       | 30
  moves_of_a_booking     | 6        | 12
  visitor                | 10       | 30
  waitlist_address       | 30       | 100
  waitlist_visitor       | 5        | 15
');
