-- What becomes of money that goes back. An empty from_state is creation. docs/state-machines/refunds.md is drawn from these rows. A bank
-- may send back what had arrived, and a vendor may say so after it said succeeded. BIL-05, docs/decisions/0187.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "refunds"}', rows => '
  from_state | to_state   | actor
  -----------+------------+-------
             | queued     | system
  queued     | processing | system
  queued     | succeeded  | system
  queued     | failed     | system
  queued     | unknown    | system
  processing | succeeded  | system
  processing | failed     | system
  processing | unknown    | system
  unknown    | processing | system
  unknown    | succeeded  | system
  unknown    | failed     | system
  succeeded  | processing | system
  succeeded  | failed     | system
  failed     | processing | system
  failed     | succeeded  | system
');
