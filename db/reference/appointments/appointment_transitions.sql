-- Who may move an appointment from where to where, from when on, what is published, and why nobody is told of it.
-- lead_minutes: the setting of the clinic that says how much earlier than not_before it may be. APT-01.
-- An empty from_state is creation. docs/state-machines/appointments.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "appointments"}', rows => '
  from_state | to_state   | actor   | permission           | not_before | lead_minutes       | event                   | quiet_because
  -----------+------------+---------+----------------------+------------+--------------------+-------------------------+--------------------------------------------------------------------
             | booked     | patient |                      |            |                    | appointment.booked      |
             | booked     | staff   | appointments.manage  |            |                    | appointment.booked      |
  booked     | booked     | patient |                      |            |                    | appointment.rescheduled |
  booked     | booked     | guest   |                      |            |                    | appointment.rescheduled |
  booked     | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  booked     | upcoming   | system  |                      |            |                    | appointment.upcoming    | Only time has passed: neither hour nor place has changed.
  booked     | confirmed  | patient |                      |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  booked     | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  booked     | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  booked     | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  booked     | cancelled  | guest   |                      |            |                    | appointment.cancelled   |
  booked     | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  booked     | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  booked     | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  upcoming   | booked     | patient |                      |            |                    | appointment.rescheduled |
  upcoming   | booked     | guest   |                      |            |                    | appointment.rescheduled |
  upcoming   | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  upcoming   | confirmed  | patient |                      |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  upcoming   | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  upcoming   | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  upcoming   | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  upcoming   | cancelled  | guest   |                      |            |                    | appointment.cancelled   |
  upcoming   | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  upcoming   | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  upcoming   | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  confirmed  | booked     | patient |                      |            |                    | appointment.rescheduled |
  confirmed  | booked     | guest   |                      |            |                    | appointment.rescheduled |
  confirmed  | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  confirmed  | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  confirmed  | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  confirmed  | cancelled  | guest   |                      |            |                    | appointment.cancelled   |
  confirmed  | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  confirmed  | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  confirmed  | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  inprogress | done       | staff   | appointments.conduct | starts_at  |                    | appointment.done        | Patient and specialist were together.
  cancelled  | booked     | staff   | appointments.manage  |            |                    | appointment.reinstated  |
');
