-- What becomes of a try to take money. An empty from_state is creation. docs/state-machines/payment_attempts.md is drawn from these
-- rows. What has ended does not begin again, but money that was taken is taken, whatever was said before. BIL-05, docs/decisions/0187.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "payment_attempts"}', rows => '
  from_state | to_state   | actor
  -----------+------------+-------
             | queued     | system
  queued     | processing | system
  queued     | succeeded  | system
  queued     | failed     | system
  queued     | unknown    | system
  queued     | canceled   | system
  processing | succeeded  | system
  processing | failed     | system
  processing | unknown    | system
  processing | canceled   | system
  unknown    | processing | system
  unknown    | succeeded  | system
  unknown    | failed     | system
  unknown    | canceled   | system
  failed     | succeeded  | system
  failed     | canceled   | system
  canceled   | failed     | system
  canceled   | succeeded  | system
');
