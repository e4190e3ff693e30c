-- What becomes of a call that a vendor makes; one that failed or was processed may be taken up again. FND-25.
-- An empty from_state is creation. docs/state-machines/webhook_receipts.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "webhook_receipts"}', rows => '
  from_state | to_state  | actor
  -----------+-----------+-------
             | received  | system
  received   | processed | system
  received   | failed    | system
  processed  | received  | system
  failed     | received  | system
');
