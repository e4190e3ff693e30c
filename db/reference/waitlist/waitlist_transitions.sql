-- Who joins and leaves a waitlist, and what becomes of who waits. What becomes of an offer stands with the offer: whoever did not
-- want one time waits on for another. SCH-10.
-- An empty from_state is creation. docs/state-machines/waitlist_entries.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "waitlist_entries"}', rows => '
  from_state | to_state | actor   | permission          | event
  -----------+----------+---------+---------------------+-----------------------
             | waiting  | guest   |                     |
             | waiting  | patient |                     |
             | waiting  | staff   | appointments.manage |
  waiting    | offered  | system  |                     | waitlist_entry.offered
  waiting    | offered  | staff   | appointments.manage | waitlist_entry.offered
  waiting    | taken    | system  |                     |
  waiting    | left     | guest   |                     |
  waiting    | left     | patient |                     |
  waiting    | left     | staff   | appointments.manage |
  waiting    | expired  | system  |                     |
  offered    | waiting  | system  |                     |
  offered    | taken    | system  |                     |
  offered    | left     | guest   |                     |
  offered    | left     | patient |                     |
  offered    | left     | staff   | appointments.manage |
  offered    | expired  | system  |                     |
');
