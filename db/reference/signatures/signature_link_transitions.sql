-- What becomes of a signature link or a kiosk: each end is the last. CNS-05, CNS-06.
-- An empty from_state is creation. docs/state-machines/signature_links.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "signature_links"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | open     | system
  open       | used     | system
  open       | expired  | system
  open       | revoked  | system
  open       | locked   | system
');
