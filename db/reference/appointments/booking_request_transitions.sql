-- Who may answer, withdraw or let expire a booking request, and what is published. APT-09.
-- An empty from_state is creation. docs/state-machines/booking_requests.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "booking_requests"}', rows => '
  from_state | to_state  | actor  | permission          | not_before | event
  -----------+-----------+--------+---------------------+------------+--------------------------
             | requested | guest  |                     |            | booking_request.received
  requested  | confirmed | staff  | appointments.manage |            | booking_request.confirmed
  requested  | rejected  | staff  | appointments.manage |            | booking_request.rejected
  requested  | withdrawn | guest  |                     |            | booking_request.withdrawn
  requested  | expired   | system |                     | respond_by | booking_request.expired
');
