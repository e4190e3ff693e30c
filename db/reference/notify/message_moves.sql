-- Which report of a vendor moves a message from where to where. FND-15. A report without a move from the present state
-- changes nothing: it came late, or says less than is known.

select app_private.own_rows('app_private.message_moves', rows => '
  report          | from_state | to_state  | unless_reported
  ----------------+------------+-----------+----------------
  bounced         | delivered  | bounced   |
  bounced         | sent       | bounced   |
  bounced_for_now | sent       | bounced   | delivered
  delivered       | bounced    | delivered | bounced
  delivered       | sent       | delivered |
  failed          | sent       | failed    |
  read            | delivered  | read      |
  read            | sent       | read      |
');
