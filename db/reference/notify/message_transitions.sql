-- What becomes of a message to somebody. FND-15.
-- An empty from_state is creation. docs/state-machines/messages.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "messages"}', rows => '
  from_state | to_state   | actor
  -----------+------------+-------
             | queued     | system
             | skipped    | system
             | suppressed | system
  queued     | sent       | system
  queued     | delivered  | system
  queued     | skipped    | system
  queued     | suppressed | system
  queued     | failed     | system
  sent       | delivered  | system
  sent       | read       | system
  sent       | failed     | system
  sent       | bounced    | system
  delivered  | read       | system
  delivered  | bounced    | system
  bounced    | delivered  | system
');
